"""Prints the scalars that TensorBoard finds in a folder, as JSON: {tag: [[step, value], ...]}.

    python read_events.py RUN/tensorboard/all
"""
import json
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

events = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0})
events.Reload()
print(json.dumps({tag: [[e.step, e.value] for e in events.Scalars(tag)] for tag in events.Tags()["scalars"]}))
