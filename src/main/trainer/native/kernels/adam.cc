// Adam on all parameters at once, in place. TensorFlow has one operation for each parameter, with vectors of eight.
#include <cmath>

#include "kernel.h"

namespace {

struct Settings {
  int64_t count;
  float beta1, beta2;
  /** of each parameter */
  std::vector<float> epsilons, factors, decays;
};

void* create(TF_OpKernelConstruction* context) {
  Construction given(context);
  const int64_t count = given.whole("N");
  return new Settings{
      count,
      given.number("beta1"),
      given.number("beta2"),
      given.numbers("epsilons", count),
      given.numbers("factors", count),
      given.numbers("decays", count),
  };
}

EACH_WIDTH void decay(int64_t size, float* __restrict w, float share) {
  for (int64_t i = 0; i < size; i++) w[i] -= w[i] * share;
}

EACH_WIDTH void step(int64_t size, float* __restrict w, float* __restrict m, float* __restrict v,
                     const float* __restrict g, float rate, float share1, float share2,
                     float epsilon) {
  for (int64_t i = 0; i < size; i++) {
    const float gradient = g[i];
    m[i] += (gradient - m[i]) * share1;
    v[i] += (gradient * gradient - v[i]) * share2;
    w[i] -= m[i] * rate / (std::sqrt(v[i]) + epsilon);
  }
}

/**
 * What is read of a variable has its memory. The weights are changed there, which is right where all who read
 * them in this step are done: the graph sees to it.
 */
void compute(void* kernel, TF_OpKernelContext* context) {
  const auto& [count, beta1, beta2, epsilons, factors, decays] = *static_cast<Settings*>(kernel);
  Call call(context);
  const Tensor rates = call.input(0);
  const Tensor at = call.input(1);
  if (!call.good()) return call.fail();
  const float rate = rates.data<float>()[*at.data<int32_t>()];
  for (int64_t i = 0; i < count; i++) {
    const Tensor w = call.input(2 + i);
    const Tensor m = call.input(2 + count + i);
    const Tensor v = call.input(2 + 2 * count + i);
    const Tensor g = call.input(2 + 3 * count + i);
    if (!call.good()) return call.fail();
    const int64_t size = w.size();
    if (m.size() != size || v.size() != size || g.size() != size) {
      return call.fail("weights, their moments and their gradient differ in size");
    }
    if (decays[i] != 0) decay(size, w.data<float>(), decays[i]);
    step(size, w.data<float>(), m.data<float>(), v.data<float>(), g.data<float>(),
         rate * factors[i], 1 - beta1, 1 - beta2, epsilons[i]);
  }
}

}  // namespace

const Operation ADAM = {
    "NormscopeAdam",
    {"rates: float", "at: int32", "weights: N * float", "means: N * float", "squares: N * float",
     "gradients: N * float"},
    {},
    {"N: int >= 1", "beta1: float", "beta2: float", "epsilons: list(float)",
     "factors: list(float)", "decays: list(float)"},
    [](TF_ShapeInferenceContext*, TF_Status*) {},
    create,
    compute,
    [](void* kernel) { delete static_cast<Settings*>(kernel); },
    true,
};
