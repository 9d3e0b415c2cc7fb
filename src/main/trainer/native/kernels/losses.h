// The losses of one image, from its logits.
#pragma once

#include <cstdint>
#include <string>

/** Cross-entropy of one image, without overflow or cancellation. */
struct Entropy {
  /** -log p_y: not finite where the logits are not */
  float exact;
  /** 1 - p_y, small values too at full precision */
  float others;
  /** the class of the greatest p */
  int32_t guess;
};

/** What a clipped probability is held to. */
struct Clip {
  float least;
  /** -log of the least, and of the greatest */
  float most, little;
};

/**
 * From logits to p, which go to `p`, and to p - y, which goes to `gradient`. With one sigmoid output there is no p
 * of every class.
 */
using Output = Entropy (*)(int64_t classes, const float* logits, int32_t label, float* p,
                           float* gradient);

/** The loss, and what becomes of p - y. */
using Loss = float (*)(int64_t classes, int32_t label, const Entropy& entropy, const Clip& clip,
                       const float* p, float* gradient);

/** By name; nullptr where there is none. */
Output outputNamed(const std::string& name);
Loss lossNamed(const std::string& name, const std::string& output);
