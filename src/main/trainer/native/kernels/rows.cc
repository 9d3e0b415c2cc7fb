// The images of a step from bytes to the network's input, (x - centre) / divisor, in one pass. TensorFlow's own
// operations take four, of floats three.
#include "kernel.h"

namespace {

// One version each, not EACH_WIDTH: processors with AVX-512 take longer to divide sixteen floats than to multiply
// them in double, which is the other way round with eight. A quotient of two floats is never nearer to the middle of
// two others than 2^-49 of it. So the product with the inverse in double, which is 2^-52 of it away at most, becomes
// the same float as the quotient.

struct Constants {
  const float* centre;
  const float* divisor;
  /** 1 / divisor */
  const double* inverse;
};

/** STEP is 1 where each value has constants of its own, 0 where all have the same. */
template <int64_t STEP>
inline __attribute__((always_inline)) void divide(int64_t size, const uint8_t* __restrict from,
                                                  float* __restrict to, const Constants& by) {
  const float* __restrict centre = by.centre;
  const float* __restrict divisor = by.divisor;
  for (int64_t i = 0; i < size; i++) to[i] = (from[i] - centre[i * STEP]) / divisor[i * STEP];
}

template <int64_t STEP>
inline __attribute__((always_inline)) void multiply(int64_t size, const uint8_t* __restrict from,
                                                    float* __restrict to, const Constants& by) {
  const float* __restrict centre = by.centre;
  const double* __restrict inverse = by.inverse;
  for (int64_t i = 0; i < size; i++) {
    to[i] = float((from[i] - centre[i * STEP]) * inverse[i * STEP]);
  }
}

#define MADE_BY(way)                                                                        \
  void transform(bool each, int64_t size, const uint8_t* from, float* to,                    \
                 const Constants& by) {                                                      \
    each ? way<1>(size, from, to, by) : way<0>(size, from, to, by);                          \
  }
#if defined(__x86_64__) && defined(__linux__)
#if __GNUC__ >= 12
// with the vectors of bytes that AVX-512 alone has not
__attribute__((target("arch=x86-64-v4"))) MADE_BY(multiply)
#else
__attribute__((target("avx512f"))) MADE_BY(multiply)
#endif
__attribute__((target("avx2"))) MADE_BY(divide)
__attribute__((target("default")))
#endif
MADE_BY(divide)

/** Images lie anywhere in memory: so many before they are used, they are asked for. */
constexpr int64_t AHEAD = 4;
/** bytes that memory gives at once */
constexpr int64_t LINE = 64;

/** `rows` are those of several steps, or of one; `centre` and `divisor` are for all values, or for each. */
void compute(void*, TF_OpKernelContext* context) {
  Call call(context);
  const Tensor images = call.input(0);
  const Tensor rows = call.input(1);
  const Tensor step = call.input(2);
  const Tensor centre = call.input(3);
  const Tensor divisor = call.input(4);
  if (!call.good()) return call.fail();
  const int64_t count = images.dim(0), size = images.dim(1);
  const int64_t batch = rows.dim(rows.rank() - 1);
  const int64_t begin = *step.data<int32_t>() * batch;
  if (begin < 0 || begin + batch > rows.size()) return call.fail("there is no such step");
  const bool each = centre.size() == size && size > 1;
  if (divisor.size() != centre.size() || (!each && centre.size() != 1)) {
    return call.fail("centre and divisor must be one number, or one for each value");
  }
  const Tensor out = call.output(0, TF_FLOAT, {batch, size});
  if (!call.good()) return call.fail();
  std::vector<double> inverse(divisor.size());
  for (int64_t i = 0; i < divisor.size(); i++) inverse[i] = 1.0 / divisor.data<float>()[i];
  const Constants by = {centre.data<float>(), divisor.data<float>(), inverse.data()};
  const int32_t* row = rows.data<int32_t>() + begin;
  const int64_t left = rows.size() - begin;
  for (int64_t i = 0; i < batch; i++) {
    if (row[i] < 0 || row[i] >= count) return call.fail("there is no such image");
    if (i + AHEAD < left) {
      const uint8_t* next = images.data<uint8_t>() + row[i + AHEAD] * size;
      for (int64_t at = 0; at < size; at += LINE) __builtin_prefetch(next + at);
    }
    const uint8_t* from = images.data<uint8_t>() + row[i] * size;
    float* to = out.data<float>() + i * size;
    transform(each, size, from, to, by);
  }
}

/** [batch, values of an image] */
void shape(TF_ShapeInferenceContext* context, TF_Status* status) {
  TF_ShapeHandle* images = TF_NewShapeHandle();
  TF_ShapeHandle* rows = TF_NewShapeHandle();
  TF_ShapeHandle* batch = TF_NewShapeHandle();
  TF_ShapeHandle* values = TF_NewShapeHandle();
  TF_ShapeHandle* out = TF_NewShapeHandle();
  const auto good = [&] { return TF_GetCode(status) == TF_OK; };
  TF_ShapeInferenceContextGetInput(context, 0, images, status);
  if (good()) TF_ShapeInferenceContextGetInput(context, 1, rows, status);
  if (good() && TF_ShapeInferenceContextRankKnown(context, images) &&
      TF_ShapeInferenceContextRankKnown(context, rows)) {
    TF_ShapeInferenceContextSubshape(context, rows, -1, INT64_MAX, batch, status);
    if (good()) TF_ShapeInferenceContextSubshape(context, images, 1, 2, values, status);
    if (good()) TF_ShapeInferenceContextConcatenateShapes(context, batch, values, out, status);
    if (good()) TF_ShapeInferenceContextSetOutput(context, 0, out, status);
  } else if (good()) {
    TF_ShapeInferenceContextSetUnknownShape(context, status);
  }
  for (TF_ShapeHandle* handle : {images, rows, batch, values, out}) TF_DeleteShapeHandle(handle);
}

}  // namespace

const Operation ROWS = {
    "NormscopeRows",
    {"images: uint8", "rows: int32", "step: int32", "centre: float", "divisor: float"},
    {"input: float"},
    {},
    shape,
    [](TF_OpKernelConstruction*) -> void* { return nullptr; },
    compute,
    [](void*) {},
    false,
};
