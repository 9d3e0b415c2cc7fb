// What the kernels share: a call's tensors, and how an operation is made known to TensorFlow.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "tensorflow/c/kernels.h"
#include "tensorflow/c/ops.h"

// One version of a loop for each width of vectors, of which the processor's is taken. Operations are rounded one
// by one in each, so that all give the same bits.
#if defined(__x86_64__) && defined(__linux__) && __GNUC__ >= 12
// with the vectors of bytes that AVX-512 alone has not
#define EACH_WIDTH __attribute__((target_clones("arch=x86-64-v4", "avx2", "default")))
#elif defined(__x86_64__) && defined(__linux__)
#define EACH_WIDTH __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define EACH_WIDTH
#endif

/** A tensor of a call, given back at the end of it. */
class Tensor {
 public:
  explicit Tensor(TF_Tensor* tensor) : tensor_(tensor) {}
  Tensor(const Tensor&) = delete;
  Tensor(Tensor&& other) : tensor_(other.tensor_) { other.tensor_ = nullptr; }
  ~Tensor() {
    if (tensor_) TF_DeleteTensor(tensor_);
  }

  template <typename T>
  T* data() const {
    return static_cast<T*>(TF_TensorData(tensor_));
  }
  int64_t size() const { return TF_TensorElementCount(tensor_); }
  int rank() const { return TF_NumDims(tensor_); }
  int64_t dim(int at) const { return TF_Dim(tensor_, at); }

 private:
  TF_Tensor* tensor_;
};

/** What a kernel is made of: its attributes. */
class Construction {
 public:
  explicit Construction(TF_OpKernelConstruction* context)
      : context_(context), status_(TF_NewStatus()) {}
  Construction(const Construction&) = delete;
  ~Construction() {
    if (!good()) TF_OpKernelConstruction_Failure(context_, status_);
    TF_DeleteStatus(status_);
  }

  int64_t whole(const char* name) {
    int64_t value = 0;
    if (good()) TF_OpKernelConstruction_GetAttrInt64(context_, name, &value, status_);
    return value;
  }

  bool holds(const char* name) {
    unsigned char value = 0;
    if (good()) TF_OpKernelConstruction_GetAttrBool(context_, name, &value, status_);
    return value != 0;
  }

  float number(const char* name) {
    float value = 0;
    if (good()) TF_OpKernelConstruction_GetAttrFloat(context_, name, &value, status_);
    return value;
  }

  std::vector<float> numbers(const char* name, int64_t count) {
    std::vector<float> values(count);
    if (good()) {
      TF_OpKernelConstruction_GetAttrFloatList(context_, name, values.data(), count, status_);
    }
    return values;
  }

  std::string text(const char* name) {
    int32_t list = 0, size = 0;
    if (good()) TF_OpKernelConstruction_GetAttrSize(context_, name, &list, &size, status_);
    std::string value(good() ? size : 0, '\0');
    if (good()) TF_OpKernelConstruction_GetAttrString(context_, name, value.data(), size, status_);
    return value;
  }

  bool good() const { return TF_GetCode(status_) == TF_OK; }

  void fail(const char* message) { TF_SetStatus(status_, TF_INVALID_ARGUMENT, message); }

 private:
  TF_OpKernelConstruction* context_;
  TF_Status* status_;
};

/** One call of a kernel. */
class Call {
 public:
  explicit Call(TF_OpKernelContext* context) : context_(context), status_(TF_NewStatus()) {}
  Call(const Call&) = delete;
  ~Call() { TF_DeleteStatus(status_); }

  Tensor input(int at) {
    TF_Tensor* tensor = nullptr;
    TF_GetInput(context_, at, &tensor, status_);
    return Tensor(tensor);
  }

  int inputs() const { return TF_NumInputs(context_); }

  Tensor output(int at, TF_DataType type, std::initializer_list<int64_t> shape) {
    int64_t values = 1;
    for (int64_t size : shape) values *= size;
    return Tensor(TF_AllocateOutput(context_, at, type, shape.begin(), shape.size(),
                                    values * TF_DataTypeSize(type), status_));
  }

  bool good() const { return TF_GetCode(status_) == TF_OK; }

  /** Ends the call with what TensorFlow, or the kernel itself, has to say. */
  void fail(const char* message = nullptr) {
    if (message) TF_SetStatus(status_, TF_INVALID_ARGUMENT, message);
    TF_OpKernelContext_Failure(context_, status_);
  }

 private:
  TF_OpKernelContext* context_;
  TF_Status* status_;
};

struct Operation {
  const char* name;
  std::initializer_list<const char*> inputs;
  std::initializer_list<const char*> outputs;
  std::initializer_list<const char*> attributes;
  void (*shape)(TF_ShapeInferenceContext*, TF_Status*);
  void* (*create)(TF_OpKernelConstruction*);
  void (*compute)(void*, TF_OpKernelContext*);
  void (*destroy)(void*);
  /** it changes something: neither left out nor done once for two */
  bool stateful;
};

/** The shape of outputs that only a call knows. */
inline void unknownShape(TF_ShapeInferenceContext* context, TF_Status* status) {
  TF_ShapeInferenceContextSetUnknownShape(context, status);
}

extern const Operation ADAM;
extern const Operation DENSE;
extern const Operation DENSE_GRADIENT;
extern const Operation LOSS;
extern const Operation NARROW;
extern const Operation NARROW_GRADIENT;
extern const Operation PUT;
extern const Operation ROOM;
extern const Operation ROWS;

/** Whether DENSE and DENSE_GRADIENT are for this processor. */
bool hasDense();
