// The loss of a batch from its logits: the gradient of its mean, the classes guessed, and what is counted of it,
// written into sums of each step. TensorFlow's own operations take twenty for it.
#include "losses.h"

#include <cmath>
#include <vector>

#include "kernel.h"

namespace {

struct Settings {
  Output output = nullptr;
  Loss loss = nullptr;
  Clip clip = {};
};

/** Rows of the sums, which have a column for each step. */
enum { LOSS_SUM, HITS, ZERO_GRADIENT, TRAPPED, NOT_FINITE, COUNTED };

void* create(TF_OpKernelConstruction* context) {
  Construction given(context);
  auto* settings = new Settings;
  const std::string output = given.text("output");
  settings->output = outputNamed(output);
  settings->loss = lossNamed(given.text("loss"), output);
  settings->clip = {given.number("clip"), given.number("most"), given.number("little")};
  if (given.good() && (!settings->output || !settings->loss)) given.fail("there is no such loss");
  return settings;
}

/** `labels` are those of several steps, or of one. */
void compute(void* kernel, TF_OpKernelContext* context) {
  const auto& [output, loss, clip] = *static_cast<Settings*>(kernel);
  Call call(context);
  const Tensor logits = call.input(0);
  const Tensor labels = call.input(1);
  const Tensor step = call.input(2);
  const Tensor counted = call.input(3);
  if (!call.good()) return call.fail();
  const int64_t batch = logits.dim(0), outputs = logits.dim(1);
  const int64_t classes = std::max<int64_t>(outputs, 2);
  const int64_t at = *step.data<int32_t>(), begin = at * batch, steps = counted.dim(1);
  if (at < 0 || at >= steps || begin + batch > labels.size()) {
    return call.fail("there is no such step");
  }
  if (counted.dim(0) != COUNTED) return call.fail("there are other sums");
  const Tensor gradients = call.output(0, TF_FLOAT, {batch, outputs});
  const Tensor guesses = call.output(1, TF_INT32, {batch});
  if (!call.good()) return call.fail();
  const int32_t* label = labels.data<int32_t>() + begin;
  double sums[COUNTED] = {};
  std::vector<float> p(outputs);
  for (int64_t i = 0; i < batch; i++) {
    if (label[i] < 0 || label[i] >= classes) return call.fail("there is no such class");
    float* gradient = gradients.data<float>() + i * outputs;
    const Entropy entropy =
        output(outputs, logits.data<float>() + i * outputs, label[i], p.data(), gradient);
    sums[LOSS_SUM] += loss(outputs, label[i], entropy, clip, p.data(), gradient);
    const bool finite = std::isfinite(entropy.exact);
    const int32_t guess = finite ? entropy.guess : -1;
    bool none = true;
    for (int64_t unit = 0; unit < outputs; unit++) {
      none = none && gradient[unit] == 0;
      gradient[unit] /= batch;
    }
    sums[HITS] += guess == label[i];
    sums[ZERO_GRADIENT] += none;
    sums[TRAPPED] += none && entropy.exact > clip.most;
    sums[NOT_FINITE] += !finite;
    guesses.data<int32_t>()[i] = guess;
  }
  for (int row = 0; row < COUNTED; row++) counted.data<double>()[row * steps + at] = sums[row];
}

/** of the logits, and one for each of their rows */
void shape(TF_ShapeInferenceContext* context, TF_Status* status) {
  TF_ShapeHandle* logits = TF_NewShapeHandle();
  TF_ShapeHandle* batch = TF_NewShapeHandle();
  const auto good = [&] { return TF_GetCode(status) == TF_OK; };
  TF_ShapeInferenceContextGetInput(context, 0, logits, status);
  if (good()) TF_ShapeInferenceContextSetOutput(context, 0, logits, status);
  if (good()) TF_ShapeInferenceContextSubshape(context, logits, 0, 1, batch, status);
  if (good()) TF_ShapeInferenceContextSetOutput(context, 1, batch, status);
  for (TF_ShapeHandle* handle : {logits, batch}) TF_DeleteShapeHandle(handle);
}

}  // namespace

const Operation LOSS = {
    "NormscopeLoss",
    {"logits: float", "labels: int32", "step: int32", "sums: double"},
    {"gradient: float", "guess: int32"},
    {"output: string", "loss: string", "clip: float", "most: float", "little: float"},
    shape,
    create,
    compute,
    [](void* kernel) { delete static_cast<Settings*>(kernel); },
    true,
};
