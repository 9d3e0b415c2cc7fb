// Rows of a product of matrices, a few of them at once, in the registers of a processor with AVX2.
#pragma once

#include <immintrin.h>

#include <algorithm>
#include <cstdint>

#define FAST __attribute__((target("avx2,fma,popcnt")))
#define INNER FAST inline __attribute__((always_inline))
// sums stay in registers where loops over them are written out
#define WRITTEN_OUT _Pragma("GCC unroll 8")

namespace {

/** numbers of a vector */
constexpr int64_t LANES = 8;
/** Rows and vectors of sums at once: twelve sums, three factors and a vector of the matrix are all sixteen registers. */
constexpr int64_t TOGETHER = 3, VECTORS = 4;
/** The same where nothing is left out: fewer loads, as a row more costs no terms. */
constexpr int64_t ALL_TOGETHER = 6, ALL_VECTORS = 2;
typedef uint8_t Place;

/** All places. */
struct Each {
  Place places[256];
  constexpr Each() : places() {
    for (int i = 0; i < 256; i++) places[i] = i;
  }
};
constexpr Each EACH_PLACE;

/** Rows of numbers, and how far apart they lie. */
struct Matrix {
  const float* values;
  int64_t row;
};

/** Sums of factors times rows of a matrix, a few of them at once, over the terms at `places`. */
struct Sums {
  const float* factors;
  /** how far apart the factors of two rows, and of two terms, lie */
  int64_t row, term;
  const Place* places;
  int64_t count;
  Matrix matrix;
  float* to;
  /** whether they are added to what is there */
  bool more;
};

/** What sums begin with. */
template <int64_t ROWS, int64_t COUNT>
INNER void begin(__m256 (&sum)[ROWS][COUNT], const Sums& of, const float* from) {
  WRITTEN_OUT for (int64_t i = 0; i < ROWS; i++) {
    WRITTEN_OUT for (int64_t at = 0; at < COUNT; at++) {
      const float* here = from + i * of.matrix.row + at * LANES;
      sum[i][at] = of.more ? _mm256_loadu_ps(here) : _mm256_setzero_ps();
    }
  }
}

template <int64_t ROWS, int64_t COUNT>
INNER void end(const __m256 (&sum)[ROWS][COUNT], const Sums& of, float* to) {
  WRITTEN_OUT for (int64_t i = 0; i < ROWS; i++) {
    WRITTEN_OUT for (int64_t at = 0; at < COUNT; at++) {
      _mm256_storeu_ps(to + i * of.matrix.row + at * LANES, sum[i][at]);
    }
  }
}

// Called, for written in place it would not have all registers.
template <int64_t ROWS, int64_t COUNT>
FAST __attribute__((noinline)) void tile(const Sums& of, int64_t column) {
  const int64_t apart = of.matrix.row;
  float* to = of.to + column;
  __m256 sum[ROWS][COUNT];
  begin(sum, of, to);
  for (int64_t i = 0; i < of.count; i++) {
    const int64_t place = of.places[i];
    const float* row = of.matrix.values + place * apart + column;
    const float* factors = of.factors + place * of.term;
    // one address each, and not one for each vector
    asm("" : "+r"(row), "+r"(factors));
    __m256 factor[ROWS];
    WRITTEN_OUT for (int64_t r = 0; r < ROWS; r++) factor[r] = _mm256_set1_ps(factors[r * of.row]);
    WRITTEN_OUT for (int64_t at = 0; at < COUNT; at++) {
      const __m256 values = _mm256_loadu_ps(row + at * LANES);
      WRITTEN_OUT for (int64_t r = 0; r < ROWS; r++) {
        sum[r][at] = _mm256_fmadd_ps(factor[r], values, sum[r][at]);
      }
    }
  }
  end(sum, of, to);
}

/** The last columns, fewer than a vector has. */
template <int64_t ROWS>
FAST __attribute__((noinline)) void edge(const Sums& of, int64_t column) {
  const int64_t apart = of.matrix.row;
  const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  const __m256i mask = _mm256_cmpgt_epi32(_mm256_set1_epi32(apart - column), lane);
  float* to = of.to + column;
  __m256 sum[ROWS];
  WRITTEN_OUT for (int64_t i = 0; i < ROWS; i++) {
    sum[i] = of.more ? _mm256_maskload_ps(to + i * apart, mask) : _mm256_setzero_ps();
  }
  for (int64_t at = 0; at < of.count; at++) {
    const int64_t place = of.places[at];
    const float* factors = of.factors + place * of.term;
    const __m256 values = _mm256_maskload_ps(of.matrix.values + place * apart + column, mask);
    WRITTEN_OUT for (int64_t i = 0; i < ROWS; i++) {
      sum[i] = _mm256_fmadd_ps(_mm256_set1_ps(factors[i * of.row]), values, sum[i]);
    }
  }
  WRITTEN_OUT for (int64_t i = 0; i < ROWS; i++) _mm256_maskstore_ps(to + i * apart, mask, sum[i]);
}

/** From a column on. */
template <int64_t ROWS>
INNER void each(const Sums& of, int64_t at) {
  const int64_t columns = of.matrix.row;
  for (; at + VECTORS * LANES <= columns; at += VECTORS * LANES) tile<ROWS, VECTORS>(of, at);
  for (; at + 2 * LANES <= columns; at += 2 * LANES) tile<ROWS, 2>(of, at);
  for (; at + LANES <= columns; at += LANES) tile<ROWS, 1>(of, at);
  if (at < columns) edge<ROWS>(of, at);
}

INNER void add(const Sums& of, int64_t rows, int64_t column = 0) {
  if (rows == 3) return each<3>(of, column);
  if (rows == 2) return each<2>(of, column);
  each<1>(of, column);
}
static_assert(TOGETHER == 3, "rows that `add` knows");

/** A tile over the first terms, all of them. */
template <int64_t ROWS>
FAST __attribute__((noinline)) void whole(const Sums& of, int64_t column) {
  const int64_t apart = of.matrix.row;
  float* to = of.to + column;
  __m256 sum[ROWS][ALL_VECTORS];
  begin(sum, of, to);
  const float* row = of.matrix.values + column;
  const float* factors = of.factors;
  for (int64_t i = 0; i < of.count; i++) {
    __m256 values[ALL_VECTORS];
    WRITTEN_OUT for (int64_t at = 0; at < ALL_VECTORS; at++) {
      values[at] = _mm256_loadu_ps(row + at * LANES);
    }
    WRITTEN_OUT for (int64_t r = 0; r < ROWS; r++) {
      const __m256 factor = _mm256_set1_ps(factors[r * of.row]);
      WRITTEN_OUT for (int64_t at = 0; at < ALL_VECTORS; at++) {
        sum[r][at] = _mm256_fmadd_ps(factor, values[at], sum[r][at]);
      }
    }
    row += apart;
    factors += of.term;
  }
  end(sum, of, to);
}

FAST void addAll(const Sums& of, int64_t rows) {
  constexpr void (*WHOLE[])(const Sums&, int64_t) = {nullptr,  whole<1>, whole<2>, whole<3>,
                                                     whole<4>, whole<5>, whole<6>};
  const int64_t columns = of.matrix.row;
  int64_t at = 0;
  for (; at + ALL_VECTORS * LANES <= columns; at += ALL_VECTORS * LANES) WHOLE[rows](of, at);
  if (at == columns) return;
  for (int64_t i = 0; i < rows; i += TOGETHER) {
    Sums rest = of;
    rest.factors += i * of.row;
    rest.to += i * columns;
    add(rest, std::min(TOGETHER, rows - i), at);
  }
}
static_assert(ALL_TOGETHER == 6, "rows that `addAll` knows");

}  // namespace
