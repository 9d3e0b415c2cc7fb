// A dense layer of few units, forward and back: a vector, or a few of them where they are shorter, holds a value of
// each unit. oneDNN's products take three times as long for so few, and each is an operation of its own.
#include <algorithm>
#include <cstring>

#include "kernel.h"

namespace {

/** units, at most */
constexpr int64_t LANES = 16;

template <int64_t NUMBERS>
struct Vector {
  typedef float Type __attribute__((vector_size(NUMBERS * sizeof(float)), aligned(sizeof(float))));
};

/** Values of a matrix, and how far apart its rows and columns lie. */
struct Factors {
  const float* values;
  int64_t row, column;
};

/** Rows of values; of each, LANES can be read. */
struct Rows {
  std::vector<float> values;
  int64_t row;
};

/** A matrix with room behind it. */
Rows roomy(const Tensor& from) {
  std::vector<float> values(from.size() + LANES);
  std::memcpy(values.data(), from.data<float>(), from.size() * sizeof(float));
  return {std::move(values), from.dim(from.rank() - 1)};
}

/** The same, turned over. */
Rows turned(const Tensor& from) {
  const int64_t rows = from.dim(0), columns = from.dim(1);
  std::vector<float> values(from.size() + LANES);
  const float* value = from.data<float>();
  for (int64_t i = 0; i < rows; i++) {
    for (int64_t at = 0; at < columns; at++) values[at * rows + i] = *value++;
  }
  return {std::move(values), rows};
}

/**
 * The product of `count` rows of factors with as many rows as these have columns, `terms`: of its columns those from
 * `first` on, LANES at most, added to `start`.
 */
struct Product {
  int64_t count, terms;
  Factors factors;
  const float* rows;
  int64_t row;
  const float* start;
  int64_t columns, first;
  float* to;
};

/** With vectors of so many NUMBERS, and the sums of so many rows TOGETHER as the processor's registers hold. */
template <int64_t NUMBERS, int64_t TOGETHER>
inline __attribute__((always_inline)) void productBy(const Product& of) {
  typedef typename Vector<NUMBERS>::Type Numbers;
  constexpr int64_t PARTS = LANES / NUMBERS;
  const int64_t count = of.count, terms = of.terms, row = of.row, columns = of.columns;
  const int64_t column = of.factors.column;
  const int64_t lanes = std::min(columns - of.first, LANES);
  const Numbers* start = reinterpret_cast<const Numbers*>(of.start);
  for (int64_t at = 0; at < count; at += TOGETHER) {
    const int64_t these = std::min(count - at, TOGETHER);
    const float* factor[TOGETHER];
    Numbers sum[TOGETHER][PARTS];
    for (int64_t i = 0; i < TOGETHER; i++) {
      factor[i] = of.factors.values + (at + std::min(i, these - 1)) * of.factors.row;
      for (int64_t part = 0; part < PARTS; part++) sum[i][part] = start[part];
    }
    for (int64_t term = 0; term < terms; term++) {
      const Numbers* value = reinterpret_cast<const Numbers*>(of.rows + term * row + of.first);
      for (int64_t i = 0; i < TOGETHER; i++) {
        const float by = factor[i][term * column];
        for (int64_t part = 0; part < PARTS; part++) sum[i][part] += by * value[part];
      }
    }
    for (int64_t i = 0; i < these; i++) {
      float* out = of.to + (at + i) * columns + of.first;
      // What is too much of LANES numbers belongs to rows that follow, and are written after it.
      const bool whole = of.first == 0 && (at + i) * columns + LANES <= count * columns;
      if (whole || lanes == LANES) {
        std::memcpy(out, sum[i], LANES * sizeof(float));
      } else {
        std::memcpy(out, sum[i], lanes * sizeof(float));
      }
    }
  }
}

// One version each, not EACH_WIDTH: a vector that is wider than the processor's would be kept in memory.
#if defined(__x86_64__) && defined(__linux__)
__attribute__((target("avx512f"))) void product(const Product& of) { productBy<16, 8>(of); }
__attribute__((target("avx2"))) void product(const Product& of) { productBy<8, 4>(of); }
__attribute__((target("default")))
#endif
void product(const Product& of) { productBy<4, 2>(of); }

constexpr float NONE[LANES] = {};

/** Whether a kernel [inputs, units] goes with rows [batch, inputs]; else the call has failed. */
bool fit(Call& call, const Tensor& x, const Tensor& kernel) {
  if (!call.good()) return call.fail(), false;
  if (x.rank() == 2 && kernel.rank() == 2 && kernel.dim(1) <= LANES && kernel.dim(0) == x.dim(1)) {
    return true;
  }
  return call.fail("a narrow layer's kernel does not fit its input"), false;
}

/** x kernel + bias */
void forward(void*, TF_OpKernelContext* context) {
  Call call(context);
  const Tensor x = call.input(0);
  const Tensor kernel = call.input(1);
  const Tensor bias = call.input(2);
  if (!fit(call, x, kernel)) return;
  const int64_t batch = x.dim(0), inputs = x.dim(1), units = kernel.dim(1);
  if (bias.size() != units) return call.fail("there are not as many biases as units");
  const Tensor out = call.output(0, TF_FLOAT, {batch, units});
  if (!call.good()) return call.fail();
  float start[LANES] = {};
  std::memcpy(start, bias.data<float>(), units * sizeof(float));
  const Rows rows = roomy(kernel);
  product({batch, inputs, {x.data<float>(), inputs, 1}, rows.values.data(), units, start, units, 0,
           out.data<float>()});
}

/** Gradients of kernel, bias and, where it is wanted, x, from that of the output. */
void backward(void* settings, TF_OpKernelContext* context) {
  const bool wanted = *static_cast<bool*>(settings);
  Call call(context);
  const Tensor x = call.input(0);
  const Tensor kernel = call.input(1);
  const Tensor upstream = call.input(2);
  if (!fit(call, x, kernel)) return;
  const int64_t batch = x.dim(0), inputs = x.dim(1), units = kernel.dim(1);
  if (upstream.size() != batch * units) return call.fail("the gradient does not fit the output");
  const Tensor ofKernel = call.output(0, TF_FLOAT, {inputs, units});
  const Tensor ofBias = call.output(1, TF_FLOAT, {units});
  const Tensor ofInput = call.output(2, TF_FLOAT, {wanted ? batch : 0, inputs});
  if (!call.good()) return call.fail();
  const Rows gradients = roomy(upstream);
  const float one = 1;
  product({inputs, batch, {x.data<float>(), 1, inputs}, gradients.values.data(), units, NONE, units,
           0, ofKernel.data<float>()});
  product({1, batch, {&one, 0, 0}, gradients.values.data(), units, NONE, units, 0,
           ofBias.data<float>()});
  if (!wanted) return;
  const Rows weights = turned(kernel);
  for (int64_t first = 0; first < inputs; first += LANES) {
    product({batch, units, {gradients.values.data(), units, 1}, weights.values.data(), inputs, NONE,
             inputs, first, ofInput.data<float>()});
  }
}

}  // namespace

const Operation NARROW = {
    "NormscopeNarrow",
    {"x: float", "kernel: float", "bias: float"},
    {"output: float"},
    {},
    unknownShape,
    [](TF_OpKernelConstruction*) -> void* { return nullptr; },
    forward,
    [](void*) {},
    false,
};

const Operation NARROW_GRADIENT = {
    "NormscopeNarrowGradient",
    {"x: float", "kernel: float", "upstream: float"},
    {"of_kernel: float", "of_bias: float", "of_input: float"},
    {"wanted: bool"},
    unknownShape,
    [](TF_OpKernelConstruction* context) -> void* {
      return new bool(Construction(context).holds("wanted"));
    },
    backward,
    [](void* wanted) { delete static_cast<bool*>(wanted); },
    false,
};
