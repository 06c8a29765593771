/* SPDX-License-Identifier: MIT
   Functions of Foresight that people call by hand: hearth.reflect/1. */
#include "plugin/sdk/cold.h"

#include "plugin/foresight/reflect.h"

#include "plugin/foresight/inside.h"

#define MOST_PRICE 1e12 /* as in the configuration */

static hearth_status forget_user(hearth_plugin *f, const char *id) {
  if (f == NULL || id == NULL || id[0] == '\0') {
    return HEARTH_BAD_ARG;
  }
  const uint32_t user = foresight__user(f, hearth_str_from(id));
  foresight__alone(f);
  foresight_next_forget(f->next, user);
  foresight_within_forget(f->within, user);
  if (f->budget != NULL) {
    foresight_budget_forget(f->budget, user);
  }
  if (f->price != NULL) {
    foresight_price_forget(f->price, user);
  }
  foresight__not_alone(f);
  return HEARTH_OK;
}

/* The head takes it with the next context. */
static hearth_status set_idle_price(hearth_plugin *f, double price) {
  const int is_price = price > 0 && price <= MOST_PRICE;
  if (f == NULL || !(is_price || (price >= -1 && price <= -1))) {
    return HEARTH_BAD_ARG;
  }
  hearth_striped_write(f->locks.shape);
  f->config.idle_price = price;
  hearth_striped_write_end(f->locks.shape);
  return HEARTH_OK;
}

static hearth_status dump_weights(hearth_plugin *f, hearth_sink *out) {
  if (f == NULL || out == NULL) {
    return HEARTH_BAD_ARG;
  }
  foresight_dump d = {.out = out, .status = HEARTH_OK};
  hearth_striped_write(f->locks.shape);
  foresight__clear_docket(f);
  foresight_dump_map(&d, 2u + (f->budget != NULL) + (f->price != NULL));
  foresight_dump_name(&d, "next");
  foresight_next_weights(f->next, &d);
  foresight_dump_name(&d, "within");
  foresight_within_weights(f->within, &d);
  if (f->budget != NULL) {
    foresight_dump_name(&d, "budget");
    foresight_budget_weights(f->budget, &d);
  }
  if (f->price != NULL) {
    foresight_dump_name(&d, "price");
    foresight_price_weights(f->price, &d);
  }
  hearth_striped_write_end(f->locks.shape);
  return d.status;
}

#define FUNCTION(name_, signature_, help_)                                     \
  {                                                                            \
    .size = sizeof(hearth_function), .name = #name_, .signature = signature_,  \
    .help = help_, .pointer = (void (*)(void))name_                            \
  }

static const hearth_function functions[] = {
    {.size = sizeof(hearth_function),
     .name = "signals",
     .signature = "h(po)",
     .help = "The names that the setting `ablate` takes.",
     .pointer = (void (*)(void))foresight__signals},
    FUNCTION(forget_user, "h(ps)", "Forget all that is kept of a user."),
    FUNCTION(set_idle_price, "h(pd)",
             "Set the price of idle memory in GB x seconds that cost as much "
             "as a second of waiting; -1: the host's."),
    FUNCTION(dump_weights, "h(po)",
             "How the heads mix their signals, by name.")};

const hearth_reflect foresight__reflect = {.size = sizeof foresight__reflect,
                                           .count = sizeof functions /
                                                    sizeof *functions,
                                           .functions = functions};
