// A dense layer's products, forward and back, for processors with AVX2 and without AVX-512. What is multiplied by an
// input of 0 adds nothing, and images have backgrounds: a few rows of a product at a time are added up over the terms
// alone where one of them is not 0, if there is enough to leave out. The bits are the same either way. Products of 0
// with infinities and what is no number are left out, too: who trains looks at the weights themselves.
#include <algorithm>
#include <cstring>
#include <memory>

#include "kernel.h"
#include "resting.h"

#if defined(__x86_64__) && defined(__linux__)

#include "sums.h"

namespace {

/** Terms that are gone through at once, so that their rows of the matrix stay near. */
constexpr int64_t TERMS = 32, ALL_TERMS = 98;
/** terms of a product whose places are in one mask */
constexpr int64_t WORD = 32;
/** Images whose terms are added up at once: their places fit into bytes. */
constexpr int64_t BLOCK = 4 * WORD;
/** Images of a part of a batch, whose sums stay near while terms go on. */
constexpr int64_t PART = 21 * ALL_TOGETHER;

typedef uint32_t Words __attribute__((vector_size(LANES * sizeof(uint32_t)), aligned(sizeof(float))));

/** Of each byte its bits that are set, one place a byte. */
struct Bits {
  uint64_t places[256];
  constexpr Bits() : places() {
    for (int byte = 0; byte < 256; byte++) {
      int count = 0;
      for (uint64_t bit = 0; bit < 8; bit++) {
        if (byte >> bit & 1) places[byte] |= bit << (8 * count++);
      }
    }
  }
};
constexpr Bits BITS;

/** Writes the places of a byte's bits that are set, from `first` on, and eight bytes at most. */
INNER Place* placed(uint32_t byte, uint64_t first, Place* to) {
  const uint64_t places = BITS.places[byte] + first * 0x0101010101010101;
  std::memcpy(to, &places, sizeof(places));
  return to + _mm_popcnt_u32(byte);
}

/** Numbers that are neither 0 nor -0, as -1. */
INNER Words notZero(Words bits) { return (Words)(bits << 1 != 0); }

/** How many rows of those that are left come next, so that no part of them is much smaller than another. */
INNER int64_t evenly(int64_t left) {
  const int64_t parts = (left + ALL_TOGETHER - 1) / ALL_TOGETHER;
  return (left + parts - 1) / parts;
}

/** Whether an eighth of the columns is 0 in three rows at once, so that lists of places are worth their time. */
FAST bool worthLists(const Matrix& x, int64_t rows) {
  const float* three[] = {x.values, x.values + rows / 2 * x.row, x.values + (rows - 1) * x.row};
  int64_t some = 0, at = 0;
  for (; at + LANES <= x.row; at += LANES) {
    Words any = {};
    for (const float* row : three) any |= *reinterpret_cast<const Words*>(row + at);
    some += _mm_popcnt_u32(_mm256_movemask_ps((__m256)notZero(any)));
  }
  for (; at < x.row; at++) some += three[0][at] != 0 || three[1][at] != 0 || three[2][at] != 0;
  return 8 * (x.row - some) >= x.row;
}

/** Writes the places among `count` columns where one of some rows has something that is not 0. */
template <int64_t ROWS>
INNER Place* columnsOf(const Matrix& x, int64_t count, Place* to) {
  int64_t column = 0;
  for (; column + LANES <= count; column += LANES) {
    Words any = {};
    WRITTEN_OUT for (int64_t i = 0; i < ROWS; i++) {
      any |= *reinterpret_cast<const Words*>(x.values + i * x.row + column);
    }
    to = placed(_mm256_movemask_ps((__m256)notZero(any)), column, to);
  }
  for (; column < count; column++) {
    bool any = false;
    for (int64_t i = 0; i < ROWS; i++) any |= x.values[i * x.row + column] != 0;
    *to = column;
    to += any;
  }
  return to;
}

/** Of each column of some rows, WORD at most: which rows have something there that is not 0. */
INNER void inColumns(const Matrix& x, int64_t rows, uint32_t* masks) {
  int64_t column = 0;
  for (; column + LANES <= x.row; column += LANES) {
    Words mask = {};
    for (int64_t i = 0; i < rows; i++) {
      const float* values = x.values + i * x.row + column;
      mask |= notZero(*reinterpret_cast<const Words*>(values)) & (uint32_t{1} << i);
    }
    std::memcpy(masks + column, &mask, sizeof(mask));
  }
  for (; column < x.row; column++) {
    uint32_t mask = 0;
    for (int64_t i = 0; i < rows; i++) {
      mask |= uint32_t{x.values[i * x.row + column] != 0} << i;
    }
    masks[column] = mask;
  }
}

/** To sums [images, units] is added x [images, inputs] kernel [inputs, units], over all terms or over lists of them. */
FAST void multiplyPart(const Matrix& x, int64_t images, const Matrix& kernel, bool lists,
                       float* to) {
  const int64_t step = lists ? TERMS : ALL_TERMS;
  Place listed[TERMS + sizeof(uint64_t)];
  for (int64_t term = 0; term < x.row; term += step) {
    const int64_t terms = std::min(step, x.row - term);
    const Matrix weights = {kernel.values + term * kernel.row, kernel.row};
    for (int64_t image = 0, rows; image < images; image += rows) {
      const Matrix these = {x.values + image * x.row + term, x.row};
      Sums sums = {these.values, x.row, 1, EACH_PLACE.places, terms, weights,
                   to + image * kernel.row, true};
      if (lists) {
        rows = std::min(TOGETHER, images - image);
        const Place* end = rows == 3   ? columnsOf<3>(these, terms, listed)
                           : rows == 2 ? columnsOf<2>(these, terms, listed)
                                       : columnsOf<1>(these, terms, listed);
        sums.places = listed;
        sums.count = end - listed;
        add(sums, rows);
      } else {
        rows = evenly(images - image);
        addAll(sums, rows);
      }
    }
  }
}

/** To sums [batch, units], which begin as the biases, is added x [batch, inputs] kernel [inputs, units]. */
void multiply(const Matrix& x, int64_t batch, const Matrix& kernel, float* to) {
  if (batch == 0) return;
  const bool lists = worthLists(x, batch);
  withRestingCores((batch + PART - 1) / PART, [&](int64_t part) {
    const int64_t begin = part * PART;
    multiplyPart({x.values + begin * x.row, x.row}, std::min(PART, batch - begin), kernel, lists,
                 to + begin * kernel.row);
  });
}

/** x^T upstream: gradients [inputs, units] of the kernel from those [batch, units] of the output. */
FAST void gradients(const Matrix& x, int64_t batch, const Matrix& upstream, float* to) {
  if (batch == 0) return std::fill(to, to + x.row * upstream.row, 0.0f);
  const bool lists = worthLists(x, batch);
  const std::unique_ptr<uint32_t[]> masks(new uint32_t[BLOCK / WORD * x.row]);
  Place listed[BLOCK + sizeof(uint64_t)];
  for (int64_t begin = 0; begin < batch; begin += BLOCK) {
    const int64_t images = std::min(BLOCK, batch - begin);
    const float* block = x.values + begin * x.row;
    for (int64_t first = 0; lists && first < images; first += WORD) {
      inColumns({block + first * x.row, x.row}, std::min(WORD, images - first),
                masks.get() + first / WORD * x.row);
    }
    const Matrix above = {upstream.values + begin * upstream.row, upstream.row};
    for (int64_t input = 0, rows; input < x.row; input += rows) {
      Sums sums = {block + input, 1, x.row, EACH_PLACE.places, images, above,
                   to + input * upstream.row, begin > 0};
      if (lists) {
        rows = std::min(TOGETHER, x.row - input);
        Place* end = listed;
        for (int64_t first = 0; first < images; first += WORD) {
          const uint32_t* mask = masks.get() + first / WORD * x.row + input;
          uint32_t any = 0;
          for (int64_t i = 0; i < rows; i++) any |= mask[i];
          for (int64_t bit = 0; bit < WORD; bit += 8) {
            end = placed(any >> bit & 255, first + bit, end);
          }
        }
        sums.places = listed;
        sums.count = end - listed;
        add(sums, rows);
      } else {
        rows = evenly(x.row - input);
        addAll(sums, rows);
      }
    }
  }
}

FAST void columnSums(const Matrix& of, int64_t rows, float* to) {
  std::fill(to, to + of.row, 0.0f);
  for (int64_t i = 0; i < rows; i++) {
    for (int64_t at = 0; at < of.row; at++) to[at] += of.values[i * of.row + at];
  }
}

Matrix matrix(const Tensor& of) { return {of.data<float>(), of.dim(1)}; }

/** x kernel + bias */
void forward(void*, TF_OpKernelContext* context) {
  Call call(context);
  const Tensor x = call.input(0);
  const Tensor kernel = call.input(1);
  if (!call.good()) return call.fail();
  if (x.rank() != 2 || kernel.rank() != 2 || kernel.dim(0) != x.dim(1)) {
    return call.fail("a dense layer's kernel does not fit its input");
  }
  const int64_t batch = x.dim(0), units = kernel.dim(1);
  const Tensor out = call.output(0, TF_FLOAT, {batch, units});
  if (!call.good()) return call.fail();
  float* sums = out.data<float>();
  if (call.inputs() > 2) {
    const Tensor bias = call.input(2);
    if (!call.good()) return call.fail();
    if (bias.size() != units) return call.fail("there are not as many biases as units");
    for (int64_t i = 0; i < batch; i++) {
      std::memcpy(sums + i * units, bias.data<float>(), units * sizeof(float));
    }
  } else {
    std::fill(sums, sums + batch * units, 0.0f);
  }
  multiply(matrix(x), batch, matrix(kernel), sums);
}

/** Gradients of kernel and bias from that of the output. */
void backward(void*, TF_OpKernelContext* context) {
  Call call(context);
  const Tensor x = call.input(0);
  const Tensor upstream = call.input(1);
  if (!call.good()) return call.fail();
  if (x.rank() != 2 || upstream.rank() != 2 || upstream.dim(0) != x.dim(0)) {
    return call.fail("the gradient does not fit the input");
  }
  const int64_t batch = x.dim(0), inputs = x.dim(1), units = upstream.dim(1);
  const Tensor ofKernel = call.output(0, TF_FLOAT, {inputs, units});
  const Tensor ofBias = call.output(1, TF_FLOAT, {units});
  if (!call.good()) return call.fail();
  gradients(matrix(x), batch, matrix(upstream), ofKernel.data<float>());
  columnSums(matrix(upstream), batch, ofBias.data<float>());
}

}  // namespace

bool hasDense() {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
         !__builtin_cpu_supports("avx512f");
}

#else

namespace {

void forward(void*, TF_OpKernelContext* context) {
  Call(context).fail("a dense layer's own kernel is not for this processor");
}
constexpr auto backward = forward;

}  // namespace

bool hasDense() { return false; }

#endif

const Operation DENSE = {
    "NormscopeDense",
    {"x: float", "kernel: float", "biases: N * float"},
    {"output: float"},
    {"N: int >= 0"},
    unknownShape,
    [](TF_OpKernelConstruction*) -> void* { return nullptr; },
    forward,
    [](void*) {},
    false,
};

const Operation DENSE_GRADIENT = {
    "NormscopeDenseGradient",
    {"x: float", "upstream: float"},
    {"of_kernel: float", "of_bias: float"},
    {},
    unknownShape,
    [](TF_OpKernelConstruction*) -> void* { return nullptr; },
    backward,
    [](void*) {},
    false,
};
