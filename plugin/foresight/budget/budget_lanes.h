/* SPDX-License-Identifier: MIT
   Four numbers at once, between the widths that they are stored in and floats.
   Where there are no vectors the loops say the same. */
#ifndef FORESIGHT_BUDGET_LANES_H
#define FORESIGHT_BUDGET_LANES_H

#include <stdint.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Compilers go from narrow lanes to wide ones through memory, in pieces that a
   load then waits for. */
enum { BUDGET_LANES = 4 };
typedef float budget_lanes[BUDGET_LANES];

static inline void foresight__budget_of_i16(const int16_t *from, float *restrict to) {
#ifdef __SSE2__
  const __m128i narrow = _mm_loadl_epi64((const __m128i *)(const void *)from);
  const __m128i high = _mm_unpacklo_epi16(_mm_setzero_si128(), narrow);
  _mm_storeu_ps(to, _mm_cvtepi32_ps(_mm_srai_epi32(high, 16)));
#else
  for (int i = 0; i < BUDGET_LANES; i++) {
    to[i] = (float)from[i];
  }
#endif
}

static inline void foresight__budget_of_u16(const uint16_t *from, float *restrict to) {
#ifdef __SSE2__
  const __m128i narrow = _mm_loadl_epi64((const __m128i *)(const void *)from);
  const __m128i wide = _mm_unpacklo_epi16(narrow, _mm_setzero_si128());
  _mm_storeu_ps(to, _mm_cvtepi32_ps(wide));
#else
  for (int i = 0; i < BUDGET_LANES; i++) {
    to[i] = (float)from[i];
  }
#endif
}

static inline void foresight__budget_of_u8(const uint8_t *from, float *restrict to) {
#ifdef __SSE2__
  const __m128i zero = _mm_setzero_si128();
  int32_t four;
  memcpy(&four, from, sizeof four);
  const __m128i words = _mm_unpacklo_epi8(_mm_cvtsi32_si128(four), zero);
  _mm_storeu_ps(to, _mm_cvtepi32_ps(_mm_unpacklo_epi16(words, zero)));
#else
  for (int i = 0; i < BUDGET_LANES; i++) {
    to[i] = (float)from[i];
  }
#endif
}

/* Back, without the fraction; of what fits. */
static inline void foresight__budget_to_u16(const float *from, uint16_t *to) {
#ifdef __SSE2__
  /* The one instruction takes signed words: so by half of the range. */
  const __m128i wide = _mm_cvttps_epi32(_mm_loadu_ps(from));
  const __m128i down = _mm_sub_epi32(wide, _mm_set1_epi32(0x8000));
  const __m128i narrow = _mm_packs_epi32(down, down);
  _mm_storel_epi64((__m128i *)(void *)to,
                   _mm_xor_si128(narrow, _mm_set1_epi16(INT16_MIN)));
#else
  for (int i = 0; i < BUDGET_LANES; i++) {
    to[i] = (uint16_t)from[i];
  }
#endif
}

static inline void foresight__budget_to_u8(const float *from, uint8_t *to) {
#ifdef __SSE2__
  const __m128i wide = _mm_cvttps_epi32(_mm_loadu_ps(from));
  const __m128i words = _mm_packs_epi32(wide, wide);
  const int32_t four = _mm_cvtsi128_si32(_mm_packus_epi16(words, words));
  memcpy(to, &four, sizeof four);
#else
  for (int i = 0; i < BUDGET_LANES; i++) {
    to[i] = (uint8_t)from[i];
  }
#endif
}

#endif
