"""The peers of throughput.ts: decode, crop, resize and keep clips of JPEG frames, by Pillow or OpenCV, two processes.

    python bench/data/throughput.py pillow|opencv CLIPS_FOLDER OUT_FOLDER      (pillow 13.0.0, opencv-contrib-python-headless 5.0.0.93)
"""
import glob
import os
import sys
import time
from multiprocessing import Pool

BOX, SIZE = (160, 90, 480, 410), 128
kind, folder, out = sys.argv[1:4]


def pillow(clip):
    import numpy as np
    from PIL import Image
    files = sorted(glob.glob(f"{clip}/*.jpg"))
    frames = np.empty((len(files), SIZE, SIZE, 3), np.uint8)
    for k, file in enumerate(files):
        frames[k] = np.asarray(Image.open(file).resize((SIZE, SIZE), Image.Resampling.BILINEAR, box=BOX))
    np.save(f"{out}/{os.path.basename(clip)}.npy", frames)


def opencv(clip):
    import cv2
    import numpy as np
    cv2.setNumThreads(1)
    files = sorted(glob.glob(f"{clip}/*.jpg"))
    frames = np.empty((len(files), SIZE, SIZE, 3), np.uint8)
    for k, file in enumerate(files):
        part = cv2.imread(file)[BOX[1]:BOX[3], BOX[0]:BOX[2]]
        frames[k] = cv2.cvtColor(cv2.resize(part, (SIZE, SIZE), interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2RGB)
    np.save(f"{out}/{os.path.basename(clip)}.npy", frames)


if __name__ == "__main__":
    os.makedirs(out, exist_ok=True)
    begun = time.perf_counter()
    with Pool(2) as pool:
        pool.map({"pillow": pillow, "opencv": opencv}[kind], sorted(glob.glob(f"{folder}/*")), chunksize=1)
    print(f"{time.perf_counter() - begun:.2f}")
