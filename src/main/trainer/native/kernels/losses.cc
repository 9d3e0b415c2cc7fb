#include "losses.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace {

Entropy softmax(int64_t classes, const float* logits, int32_t label, float* p, float* gradient) {
  int32_t guess = 0;
  for (int64_t i = 1; i < classes; i++) {
    if (logits[i] > logits[guess]) guess = i;
  }
  float sum = 0;
  for (int64_t i = 0; i < classes; i++) sum += p[i] = std::exp(logits[i] - logits[guess]);
  float others = 0;
  for (int64_t i = 0; i < classes; i++) {
    p[i] /= sum;
    if (i != label) others += p[i];
    gradient[i] = i == label ? p[i] - 1 : p[i];
  }
  return {std::log(sum) - (logits[label] - logits[guess]), others, guess};
}

/** One logit z of class 1. With s = z for class 1 and -z for class 0: p_y = 1 / (1 + exp(-s)). */
Entropy sigmoid(int64_t, const float* logits, int32_t label, float*, float* gradient) {
  const float z = *logits;
  const float against = label == 1 ? -z : z;
  const float small = std::exp(-std::abs(z));
  const float others = (against < 0 ? small : 1) / (1 + small);
  *gradient = label == 1 ? -others : others;
  return {std::max(against, 0.0f) + std::log1p(small), others, z > 0};
}

float exact(int64_t, int32_t, const Entropy& entropy, const Clip&, const float*, float*) {
  return entropy.exact;
}

/** -log clip(p_y) */
float held(const Entropy& entropy, const Clip& clip) {
  return std::min(std::max(entropy.exact, clip.little), clip.most);
}

/**
 * -log of p_y clipped to [least, 1 - least]; nothing has a gradient where p_y is outside. The bounds are tested
 * where float32 is finest: the lower on -log p_y, the upper on 1 - p_y.
 */
float clipped(int64_t classes, int32_t, const Entropy& entropy, const Clip& clip, const float*,
              float* gradient) {
  const bool within = entropy.exact <= clip.most && entropy.others >= clip.least;
  for (int64_t i = 0; i < classes; i++) gradient[i] *= within;
  return held(entropy, clip);
}

/**
 * All p clipped from below (c, of k classes whose p sum to e) and above, then q = clip(p) / D. A p is
 * above 1 - c only where all others are below c: then nothing has a gradient. Else D = 1 - e + k c, and
 * the sum over the unclipped j of (q_j - y_j)(d_jm - p_m) is, without a difference of near equals,
 * - p_y unclipped: ((p_m - y_m)(u_m + k c) + y_m e) / D, with u_m = 1 for an unclipped class, else 0
 * - p_y clipped:   p_m (u_m e - (1 - u_m)(1 - e)) / D
 */
float clippedOf2018(int64_t classes, int32_t label, const Entropy& entropy, const Clip& clip,
                    const float* p, float* gradient) {
  const float c = clip.least;
  float e = 0;
  int64_t k = 0;
  for (int64_t i = 0; i < classes; i++) {
    if (!(p[i] < c)) continue;
    e += p[i];
    k++;
  }
  const float kc = k * c;
  const bool none = classes - k <= 1 && e < c;
  const float total = 1 + kc - e;
  for (int64_t i = 0; i < classes; i++) {
    const float kept = p[i] < c ? 0 : 1;
    const float unscaled = p[label] < c ? p[i] * (kept == 1 ? e : e - 1)
                                        : gradient[i] * (kept + kc) + (i == label ? e : 0);
    gradient[i] = unscaled / total * !none;
  }
  return held(entropy, clip) + std::log1p(kc - (none ? c : e));
}

template <typename Value>
Value named(const std::map<std::string, Value>& table, const std::string& name) {
  const auto found = table.find(name);
  return found == table.end() ? nullptr : found->second;
}

}  // namespace

Output outputNamed(const std::string& name) {
  return named<Output>({{"softmax", softmax}, {"sigmoid", sigmoid}}, name);
}

Loss lossNamed(const std::string& name, const std::string& output) {
  // with one probability and its complement the two clipped losses are one
  const Loss of2018 = output == "sigmoid" ? clipped : clippedOf2018;
  return named<Loss>({{"exact", exact}, {"clipped", clipped}, {"clipped-2018", of2018}}, name);
}
