// What the package's binding lacks to run a recorded step as one operation: it knows no functions made of operations. This file is
// compiled in the place of the package's binding/tfjs_binding.cc, which it takes in whole, and exports four functions more:
//   addFunction(name, graph, inputs, outputs): the function `name` is executed like an operation from then on (executeOp). `graph` holds
//     the bytes of a GraphDef; its placeholders i0, i1, ... are the inputs, its nodes o0, o1, ... the outputs, and its node `done`,
//     which has what must happen besides as control inputs, runs in any case.
//   removeFunction(name): forgets it.
//   operation(name): the bytes of an operation's OpDef.
//   executeBeside(meanwhile, name, attributes, inputs, outputs): executeOp while this thread calls `meanwhile`, a function of JavaScript
//     without arguments that must not throw (execute_beside.cc).
// Loading it also makes our operations known (max_pool_gradient.cc).
// Only TensorFlow's stable C API is used.
#include <node_api.h>

#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <vector>

// The package's file registers its module by this macro. Ours does so below.
#undef NAPI_MODULE
#define NAPI_MODULE(name, init)
#include "tfjs-node-gpu/binding/tfjs_binding.cc"
#include "tfjs-node-gpu/binding/tf_auto_status.h"

namespace m2m {
void RegisterMaxPoolGradient(TF_Status *status);
void Beside(const std::function<void()> &work, const std::function<void()> &call);
}

namespace tfnodejs {

// The context is a private member of the package's class. Access is not checked in an explicit instantiation, so this reaches it by
// means of the language (and without a change to the package's sources).
template <TFE_Context *TFJSBackend::*member>
struct Reach {
  friend TFE_Context *ContextOf(TFJSBackend *backend) { return backend->*member; }
};
template struct Reach<&TFJSBackend::tfe_context_>;
TFE_Context *ContextOf(TFJSBackend *backend);

template <typename T, void (*Delete)(T *)>
struct Deleter {
  void operator()(T *pointer) const { Delete(pointer); }
};
template <typename T, void (*Delete)(T *)>
using Owned = std::unique_ptr<T, Deleter<T, Delete>>;

// Takes the arguments of a call; null where an error was thrown.
template <size_t kCount>
static TFJSBackend *Called(napi_env env, napi_callback_info info, napi_value (&args)[kCount]) {
  size_t count = kCount;
  const napi_status nstatus = napi_get_cb_info(env, info, &count, args, nullptr, nullptr);
  ENSURE_NAPI_OK_RETVAL(env, nstatus, nullptr);
  return GetTFJSBackend(env);
}

static bool OutputNamed(napi_env env, TF_Graph *graph, const std::string &name, std::vector<TF_Output> *list) {
  TF_Operation *operation = TF_GraphOperationByName(graph, name.c_str());
  if (operation == nullptr) {
    NAPI_THROW_ERROR(env, "The graph has no node %s", name.c_str());
    return false;
  }
  list->push_back({operation, 0});
  return true;
}

static napi_value AddFunction(napi_env env, napi_callback_info info) {
  napi_value args[4];
  TFJSBackend *const backend = Called(env, info, args);
  if (!backend) return nullptr;

  std::string name;
  napi_status nstatus = GetStringParam(env, args[0], name);
  ENSURE_NAPI_OK_RETVAL(env, nstatus, nullptr);
  void *bytes;
  size_t length;
  napi_typedarray_type type;
  nstatus = napi_get_typedarray_info(env, args[1], &type, &length, &bytes, nullptr, nullptr);
  ENSURE_NAPI_OK_RETVAL(env, nstatus, nullptr);
  int32_t counts[2];
  for (int i = 0; i < 2; i++) {
    nstatus = napi_get_value_int32(env, args[2 + i], &counts[i]);
    ENSURE_NAPI_OK_RETVAL(env, nstatus, nullptr);
  }

  TF_AutoStatus tf_status;
  Owned<TF_Graph, TF_DeleteGraph> graph(TF_NewGraph());
  Owned<TF_Buffer, TF_DeleteBuffer> definition(TF_NewBufferFromString(bytes, length));
  Owned<TF_ImportGraphDefOptions, TF_DeleteImportGraphDefOptions> options(TF_NewImportGraphDefOptions());
  TF_GraphImportGraphDef(graph.get(), definition.get(), options.get(), tf_status.status);
  ENSURE_TF_OK_RETVAL(env, tf_status, nullptr);

  std::vector<TF_Output> inputs, outputs, done;
  for (int i = 0; i < counts[0]; i++) {
    if (!OutputNamed(env, graph.get(), "i" + std::to_string(i), &inputs)) return nullptr;
  }
  for (int i = 0; i < counts[1]; i++) {
    if (!OutputNamed(env, graph.get(), "o" + std::to_string(i), &outputs)) return nullptr;
  }
  if (!OutputNamed(env, graph.get(), "done", &done)) return nullptr;
  const TF_Operation *control = done[0].oper;
  Owned<TF_Function, TF_DeleteFunction> function(TF_GraphToFunctionWithControlOutputs(
      graph.get(), name.c_str(), 0, -1, nullptr, counts[0], inputs.data(), counts[1], outputs.data(), nullptr, 1,
      &control, nullptr, nullptr, nullptr, tf_status.status));
  ENSURE_TF_OK_RETVAL(env, tf_status, nullptr);
  TFE_ContextAddFunction(ContextOf(backend), function.get(), tf_status.status);
  ENSURE_TF_OK_RETVAL(env, tf_status, nullptr);
  return nullptr;
}

static napi_value RemoveFunction(napi_env env, napi_callback_info info) {
  napi_value args[1];
  TFJSBackend *const backend = Called(env, info, args);
  if (!backend) return nullptr;
  std::string name;
  const napi_status nstatus = GetStringParam(env, args[0], name);
  ENSURE_NAPI_OK_RETVAL(env, nstatus, nullptr);
  TF_AutoStatus tf_status;
  TFE_ContextRemoveFunction(ContextOf(backend), name.c_str(), tf_status.status);
  ENSURE_TF_OK_RETVAL(env, tf_status, nullptr);
  return nullptr;
}

static napi_value Operation(napi_env env, napi_callback_info info) {
  size_t argc = 1;
  napi_value args[1];
  napi_status nstatus = napi_get_cb_info(env, info, &argc, args, nullptr, nullptr);
  ENSURE_NAPI_OK_RETVAL(env, nstatus, nullptr);
  std::string name;
  nstatus = GetStringParam(env, args[0], name);
  ENSURE_NAPI_OK_RETVAL(env, nstatus, nullptr);
  TF_AutoStatus tf_status;
  Owned<TF_Graph, TF_DeleteGraph> graph(TF_NewGraph());
  Owned<TF_Buffer, TF_DeleteBuffer> definition(TF_NewBuffer());
  TF_GraphGetOpDef(graph.get(), name.c_str(), definition.get(), tf_status.status);
  ENSURE_TF_OK_RETVAL(env, tf_status, nullptr);
  void *bytes;
  napi_value buffer, array;
  nstatus = napi_create_arraybuffer(env, definition->length, &bytes, &buffer);
  ENSURE_NAPI_OK_RETVAL(env, nstatus, nullptr);
  memcpy(bytes, definition->data, definition->length);
  nstatus = napi_create_typedarray(env, napi_uint8_array, definition->length, buffer, 0, &array);
  ENSURE_NAPI_OK_RETVAL(env, nstatus, nullptr);
  return array;
}

static napi_value ExecuteBeside(napi_env env, napi_callback_info info) {
  napi_value args[5];
  TFJSBackend *const backend = Called(env, info, args);
  if (!backend) return nullptr;
  napi_value nothing, made = nullptr;
  const napi_status nstatus = napi_get_undefined(env, &nothing);
  ENSURE_NAPI_OK_RETVAL(env, nstatus, nullptr);
  m2m::Beside([&] { napi_call_function(env, nothing, args[0], 0, nullptr, nullptr); },
              [&] { made = backend->ExecuteOp(env, args[1], args[2], args[3], args[4]); });
  return made;
}

// Once in a process, which may load the binding again for another isolate.
static bool RegisterOperations(napi_env env) {
  static const std::string problem = [] {
    TF_AutoStatus tf_status;
    m2m::RegisterMaxPoolGradient(tf_status.status);
    return std::string(TF_GetCode(tf_status.status) == TF_OK ? "" : TF_Message(tf_status.status));
  }();
  if (!problem.empty()) napi_throw_error(env, nullptr, problem.c_str());
  return problem.empty();
}

}  // namespace tfnodejs

NAPI_MODULE_INIT() {
  if (!tfnodejs::RegisterOperations(env)) return nullptr;
  napi_value binding = tfnodejs::InitTFNodeJSBinding(env, exports);
  if (binding == nullptr) return nullptr;
  const napi_property_descriptor more[] = {
      {"addFunction", nullptr, tfnodejs::AddFunction, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"removeFunction", nullptr, tfnodejs::RemoveFunction, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"operation", nullptr, tfnodejs::Operation, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"executeBeside", nullptr, tfnodejs::ExecuteBeside, nullptr, nullptr, nullptr, napi_default, nullptr},
  };
  if (napi_define_properties(env, binding, 4, more) != napi_ok) return nullptr;
  return binding;
}
