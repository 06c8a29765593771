/* SPDX-License-Identifier: MIT
   The functions that people call by hand: forget_user, set_idle_price,
   dump_weights. */
#include "plugin/foresight/reflect.h"

#include <msgpack.h>
#include <string.h>

#include "plugin/sdk/names.h"
#include "tests/foresight/course.h"
#include "tests/unit.h"

static const course budget = {.budget_mb = 8192, .idle_price = -1, .users = 1};
static const course price = {.budget_mb = -1, .idle_price = 100, .users = 1};

typedef hearth_status (*forget_function)(hearth_plugin *, const char *);
typedef hearth_status (*price_function)(hearth_plugin *, double);
typedef hearth_status (*dump_function)(hearth_plugin *, hearth_sink *);

/* As a host finds it. */
static void (*find(hearth_plugin *plugin, const char *name,
                   const char *signature))(void) {
  const hearth_reflect *r =
      foresight_entry.get_extension(plugin, HEARTH_EXT_REFLECT);
  CU_ASSERT_PTR_NOT_NULL_FATAL(r);
  for (uint32_t i = 0; i < r->count; i++) {
    if (strcmp(r->functions[i].name, name) == 0) {
      CU_ASSERT_STRING_EQUAL(r->functions[i].signature, signature);
      CU_ASSERT_PTR_NOT_NULL(r->functions[i].help);
      return r->functions[i].pointer;
    }
  }
  CU_FAIL_FATAL("no such function");
  return NULL;
}

static hearth_status forget(hearth_plugin *plugin, const char *user) {
  return ((forget_function)find(plugin, "forget_user", "h(ps)"))(plugin, user);
}

static hearth_plugin *learned(const course *c) {
  hearth_plugin *plugin = course_create(NULL, NULL, COURSE_MODELS);
  CU_ASSERT_PTR_NOT_NULL_FATAL(plugin);
  course_run(c, plugin, 0, 900, NULL); /* users past 24 requests */
  return plugin;
}

static int holds(const hearth_buffer *state, uint64_t word, size_t bytes) {
  uint8_t sought[8];
  for (size_t i = 0; i < bytes; i++) {
    sought[i] = (uint8_t)(word >> (8 * i));
  }
  for (uint64_t at = 0; at + bytes <= state->len; at++) {
    if (memcmp(state->data + at, sought, bytes) == 0) {
      return 1;
    }
  }
  return 0;
}

/* The user's key as plugin/foresight/person.c makes it; `within` keeps one
   more. */
static int is_known(hearth_plugin *plugin, const char *user) {
  hearth_buffer state;
  const uint64_t hash = hearth_hash(0, user, strlen(user));
  const uint32_t key = (uint32_t)(hash ^ hash >> 32);
  CU_ASSERT_EQUAL(course_save(plugin, &state), HEARTH_OK);
  const int known = holds(&state, key, 4) || holds(&state, key + 1, 4);
  hearth_buffer_free(&state);
  return known;
}

/* What is answered to the user, at once and after the same course, is what a
   user whom nobody has seen is answered. */
static void forgets(const course *c) {
  hearth_plugin *plugin = learned(c);
  hearth_buffer of_user, of_new, before;
  hearth_buffer_init(&of_user, 0);
  hearth_buffer_init(&of_new, 0);
  CU_ASSERT(is_known(plugin, "user5"));
  course_ask(c, plugin, 900, "user5", &of_user);
  course_ask(c, plugin, 900, "nobody yet", &of_new);
  CU_ASSERT(of_user.len != of_new.len ||
            memcmp(of_user.data, of_new.data, (size_t)of_new.len) != 0);
  CU_ASSERT_EQUAL(forget(plugin, "user5"), HEARTH_OK);
  CU_ASSERT(!is_known(plugin, "user5"));
  CU_ASSERT(is_known(plugin, "user6"));
  of_user.len = of_new.len = 0;
  course_ask(c, plugin, 900, "user5", &of_user);
  course_ask(c, plugin, 900, "nobody yet", &of_new);
  CU_ASSERT_EQUAL_FATAL(of_user.len, of_new.len);
  CU_ASSERT_EQUAL(memcmp(of_user.data, of_new.data, (size_t)of_new.len), 0);
  /* Once more, and of someone unknown, it does nothing. */
  CU_ASSERT_EQUAL(course_save(plugin, &before), HEARTH_OK);
  CU_ASSERT_EQUAL(forget(plugin, "user5"), HEARTH_OK);
  CU_ASSERT_EQUAL(forget(plugin, "nobody yet"), HEARTH_OK);
  of_new.len = 0;
  CU_ASSERT_EQUAL(foresight_entry.save_state(plugin, NULL, &of_new.sink),
                  HEARTH_OK);
  CU_ASSERT(before.len == of_new.len &&
            memcmp(before.data, of_new.data, (size_t)before.len) == 0);
  course_run(c, plugin, 900, 950, NULL);
  CU_ASSERT(is_known(plugin, "user5")); /* who came back */
  hearth_buffer_free(&of_user);
  hearth_buffer_free(&of_new);
  hearth_buffer_free(&before);
  foresight_entry.destroy(plugin);
}

static void test_forget_user(void) {
  forgets(&budget);
  forgets(&price);
}

static void test_forget_nonsense(void) {
  hearth_plugin *plugin = learned(&price);
  CU_ASSERT_EQUAL(forget(plugin, ""), HEARTH_BAD_ARG);
  CU_ASSERT_EQUAL(forget(plugin, NULL), HEARTH_BAD_ARG);
  CU_ASSERT_EQUAL(forget(NULL, "user5"), HEARTH_BAD_ARG);
  foresight_entry.destroy(plugin);
}

static hearth_status set_price(hearth_plugin *plugin, double x) {
  return ((price_function)find(plugin, "set_idle_price", "h(pd)"))(plugin, x);
}

/* The price that is set counts, the host's no more; -1 gives way to it again.
 */
static void test_set_idle_price(void) {
  const course dear = {.budget_mb = -1, .idle_price = 5, .users = 1};
  hearth_plugin *set = learned(&price), *told = learned(&price);
  hearth_buffer of_set, of_told;
  hearth_buffer_init(&of_set, 0);
  hearth_buffer_init(&of_told, 0);
  CU_ASSERT_EQUAL(set_price(set, 5), HEARTH_OK);
  course_run(&price, set, 900, 1000, &of_set);
  course_run(&dear, told, 900, 1000, &of_told);
  CU_ASSERT_EQUAL_FATAL(of_set.len, of_told.len);
  CU_ASSERT_EQUAL(memcmp(of_set.data, of_told.data, (size_t)of_set.len), 0);
  CU_ASSERT_EQUAL(set_price(set, -1), HEARTH_OK);
  of_set.len = of_told.len = 0;
  course_run(&price, set, 1000, 1100, &of_set);
  course_run(&price, told, 1000, 1100, &of_told);
  CU_ASSERT_EQUAL_FATAL(of_set.len, of_told.len);
  CU_ASSERT_EQUAL(memcmp(of_set.data, of_told.data, (size_t)of_set.len), 0);
  CU_ASSERT_EQUAL(set_price(set, 0), HEARTH_BAD_ARG);
  CU_ASSERT_EQUAL(set_price(set, -3), HEARTH_BAD_ARG);
  CU_ASSERT_EQUAL(set_price(set, 1e300), HEARTH_BAD_ARG);
  CU_ASSERT_EQUAL(set_price(set, (double)(0.0f / (float)(of_set.len == 0))),
                  HEARTH_BAD_ARG);
  CU_ASSERT_EQUAL(set_price(NULL, 5), HEARTH_BAD_ARG);
  hearth_buffer_free(&of_set);
  hearth_buffer_free(&of_told);
  foresight_entry.destroy(set);
  foresight_entry.destroy(told);
}

/* What was learned of gaps is kept when the price changes. */
static void test_price_keeps_what_was_learned(void) {
  hearth_plugin *plugin = learned(&price);
  hearth_buffer before, after;
  CU_ASSERT_EQUAL(course_save(plugin, &before), HEARTH_OK);
  CU_ASSERT_EQUAL(set_price(plugin, 7), HEARTH_OK);
  course_ask(&price, plugin, 900, "user1", NULL);
  CU_ASSERT_EQUAL(course_save(plugin, &after), HEARTH_OK);
  CU_ASSERT(after.len + 64 > before.len);
  hearth_buffer_free(&before);
  hearth_buffer_free(&after);
  foresight_entry.destroy(plugin);
}

static const msgpack_object *member(const msgpack_object *map,
                                    const char *name) {
  CU_ASSERT_EQUAL_FATAL(map->type, MSGPACK_OBJECT_MAP);
  for (uint32_t i = 0; i < map->via.map.size; i++) {
    const msgpack_object_str *key = &map->via.map.ptr[i].key.via.str;
    if (key->size == strlen(name) && !memcmp(key->ptr, name, key->size)) {
      return &map->via.map.ptr[i].val;
    }
  }
  return NULL;
}

/* Maps of names, down to numbers. */
static uint32_t numbers(const msgpack_object *o) {
  uint32_t count = 0;
  if (o->type == MSGPACK_OBJECT_FLOAT64) {
    CU_ASSERT(o->via.f64 > -1e6 && o->via.f64 < 1e6);
    return 1;
  }
  CU_ASSERT_EQUAL_FATAL(o->type, MSGPACK_OBJECT_MAP);
  for (uint32_t i = 0; i < o->via.map.size; i++) {
    const msgpack_object_kv *kv = &o->via.map.ptr[i];
    CU_ASSERT_EQUAL_FATAL(kv->key.type, MSGPACK_OBJECT_STR);
    CU_ASSERT(kv->key.via.str.size > 0);
    count += numbers(&kv->val);
  }
  return count;
}

static void test_dump_weights(void) {
  hearth_plugin *plugin = learned(&budget);
  const dump_function dump =
      (dump_function)find(plugin, "dump_weights", "h(po)");
  hearth_buffer out;
  msgpack_unpacked unpacked;
  size_t used = 0;
  hearth_buffer_init(&out, 0);
  course_run(&price, plugin, 900, 950, NULL);
  CU_ASSERT_EQUAL_FATAL(dump(plugin, &out.sink), HEARTH_OK);
  msgpack_unpacked_init(&unpacked);
  CU_ASSERT_EQUAL_FATAL(msgpack_unpack_next(&unpacked, (const char *)out.data,
                                            (size_t)out.len, &used),
                        MSGPACK_UNPACK_SUCCESS);
  CU_ASSERT_EQUAL(used, out.len);
  const msgpack_object *all = &unpacked.data;
  CU_ASSERT_EQUAL(numbers(all), 30 + 6 + 3 * 24 + 8 * 22 + 6 * 19);
  const msgpack_object *next = member(all, "next");
  CU_ASSERT_PTR_NOT_NULL_FATAL(next);
  CU_ASSERT_PTR_NOT_NULL(member(member(next, "features"), "popular"));
  CU_ASSERT_PTR_NOT_NULL(member(member(member(all, "within"), "300"), "bias"));
  CU_ASSERT_PTR_NOT_NULL(member(member(all, "budget"), "660000"));
  CU_ASSERT_PTR_NOT_NULL(member(member(all, "price"), "5"));
  msgpack_unpacked_destroy(&unpacked);
  for (uint64_t limit = 1; limit < out.len; limit += out.len / 20) {
    hearth_buffer small;
    hearth_buffer_init(&small, limit);
    CU_ASSERT_EQUAL(dump(plugin, &small.sink), HEARTH_LIMIT);
    hearth_buffer_free(&small);
  }
  CU_ASSERT_EQUAL(dump(NULL, &out.sink), HEARTH_BAD_ARG);
  CU_ASSERT_EQUAL(dump(plugin, NULL), HEARTH_BAD_ARG);
  hearth_buffer_free(&out);
  foresight_entry.destroy(plugin);
}

static void dumped(hearth_plugin *plugin, hearth_buffer *out) {
  hearth_buffer_init(out, 0);
  CU_ASSERT_PTR_NOT_NULL_FATAL(plugin);
  CU_ASSERT_EQUAL_FATAL(
      ((dump_function)find(plugin, "dump_weights", "h(po)"))(plugin,
                                                             &out->sink),
      HEARTH_OK);
  foresight_entry.destroy(plugin);
}

/* Where the price's weights begin, which come last. */
static uint64_t before_price(const hearth_buffer *weights) {
  uint64_t at = 0;
  while (at + 7 < weights->len &&
         memcmp(weights->data + at, "\xd9\x05price", 7) != 0) {
    at++;
  }
  return at;
}

/* Whoever only hears the outcomes learns the same as whoever is asked too: a
   journal, a store, the instance before a swap.  (What a price makes of gaps
   depends on when they were looked at; there it learns, but not to the bit.) */
static void check_outcomes_teach(const course *asked) {
  course heard = *asked, no_one = *asked;
  hearth_buffer all, some, none;
  heard.silent = no_one.silent = 1;
  dumped(learned(asked), &all);
  dumped(learned(&heard), &some);
  hearth_plugin *fresh = course_create(NULL, NULL, COURSE_MODELS);
  course_run(&no_one, fresh, 0, 1, NULL);
  dumped(fresh, &none);
  const uint64_t same = before_price(&all);
  CU_ASSERT_EQUAL_FATAL(all.len, some.len);
  CU_ASSERT_EQUAL_FATAL(none.len, some.len);
  CU_ASSERT(memcmp(all.data, some.data, (size_t)same) == 0);
  CU_ASSERT(memcmp(none.data, some.data, (size_t)same) != 0);
  if (asked->idle_price > 0) {
    CU_ASSERT(memcmp(none.data + same, some.data + same,
                     (size_t)(some.len - same)) != 0);
  }
  hearth_buffer_free(&all);
  hearth_buffer_free(&some);
  hearth_buffer_free(&none);
}

static void test_outcomes_teach(void) {
  check_outcomes_teach(&budget);
  check_outcomes_teach(&price);
}

UNIT_MAIN("foresight reflect", UNIT(test_forget_user),
          UNIT(test_forget_nonsense), UNIT(test_set_idle_price),
          UNIT(test_price_keeps_what_was_learned),
          UNIT(test_dump_weights), UNIT(test_outcomes_teach))
