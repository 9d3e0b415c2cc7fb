// Makes the kernels known to the TensorFlow of this process when Node loads the file.
#include "kernel.h"
#include "node_api.h"

namespace {

/** What TensorFlow says against it; empty where it takes it. */
std::string registered(const Operation& operation) {
  TF_Status* status = TF_NewStatus();
  TF_OpDefinitionBuilder* definition = TF_NewOpDefinitionBuilder(operation.name);
  for (const char* of : operation.attributes) TF_OpDefinitionBuilderAddAttr(definition, of);
  for (const char* input : operation.inputs) TF_OpDefinitionBuilderAddInput(definition, input);
  for (const char* output : operation.outputs) TF_OpDefinitionBuilderAddOutput(definition, output);
  TF_OpDefinitionBuilderSetIsStateful(definition, operation.stateful);
  TF_OpDefinitionBuilderSetShapeInferenceFunction(definition, operation.shape);
  TF_RegisterOpDefinition(definition, status);
  if (TF_GetCode(status) == TF_OK) {
    TF_KernelBuilder* kernel = TF_NewKernelBuilder(operation.name, "CPU", operation.create,
                                                   operation.compute, operation.destroy);
    TF_RegisterKernelBuilder(operation.name, kernel, status);
  }
  const std::string fault = TF_GetCode(status) == TF_OK ? "" : TF_Message(status);
  TF_DeleteStatus(status);
  return fault;
}

}  // namespace

NAPI_MODULE_INIT() {
  for (const Operation* operation : {&ADAM, &DENSE, &DENSE_GRADIENT, &LOSS, &NARROW,
                                     &NARROW_GRADIENT, &PUT, &ROOM, &ROWS}) {
    const std::string fault = registered(*operation);
    if (fault.empty()) continue;
    napi_throw_error(env, nullptr, (std::string(operation->name) + ": " + fault).c_str());
    return nullptr;
  }
  napi_value dense = nullptr;
  napi_get_boolean(env, hasDense(), &dense);
  napi_set_named_property(env, exports, "dense", dense);
  return exports;
}
