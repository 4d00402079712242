// An operation on a thread of its own while the calling one does something else: makes the next batch (see functions.cc, executeBeside).
// The package's binding calls TFE_Execute amid its work with JavaScript's values, which must stay on JavaScript's thread. So the linker
// puts __wrap_TFE_Execute in its place (--wrap), and only that call goes to another thread.
#include <pthread.h>
#include <time.h>

#include <chrono>
#include <functional>
#include <system_error>
#include <thread>

#include "tensorflow/c/eager/c_api.h"

// What this thread does while the next operation is executed, if anything.
static thread_local const std::function<void()> *meanwhile = nullptr;

// Waits until the thread has handed a recorded step to TensorFlow's own threads, that is, until it stops using the processor: about a
// millisecond. Were this thread at work by then, one of TensorFlow's might be put behind it on the same processor while another is free.
static void UntilHandedOver(std::thread &thread) {
  clockid_t clock;
  timespec before, now;
  if (pthread_getcpuclockid(thread.native_handle(), &clock) != 0 || clock_gettime(clock, &now) != 0) return;
  for (int i = 0; i < 20; i++) {
    before = now;
    std::this_thread::sleep_for(std::chrono::microseconds(200));
    if (clock_gettime(clock, &now) != 0) return;  // it has ended
    if (now.tv_sec == before.tv_sec && now.tv_nsec == before.tv_nsec) return;
  }
}

extern "C" void __real_TFE_Execute(TFE_Op *op, TFE_TensorHandle **outputs, int *count, TF_Status *status);

extern "C" void __wrap_TFE_Execute(TFE_Op *op, TFE_TensorHandle **outputs, int *count, TF_Status *status) {
  const std::function<void()> *work = meanwhile;
  meanwhile = nullptr;  // what the work itself executes is executed here
  std::thread thread;
  if (work != nullptr) {
    try {
      thread = std::thread(__real_TFE_Execute, op, outputs, count, status);
    } catch (const std::system_error &) {  // there can be no more threads: nothing is done meanwhile
    }
  }
  if (!thread.joinable()) return __real_TFE_Execute(op, outputs, count, status);
  UntilHandedOver(thread);
  (*work)();
  thread.join();
}

namespace m2m {

// The first operation that `call` executes runs beside `work`.
void Beside(const std::function<void()> &work, const std::function<void()> &call) {
  meanwhile = &work;
  call();
  meanwhile = nullptr;  // where it was refused before it was executed
}

}  // namespace m2m
