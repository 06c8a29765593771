# SPDX-License-Identifier: MIT
# Coverage-guided fuzzing by clang's libFuzzer: `make fuzz` runs each target for
# FUZZ_SECONDS, `make run-fuzz-state` one of them.  They are built anew each time.

FUZZ_SECONDS = 60
FUZZ_CC = clang -std=c11 -g -O1 -ffp-contract=off -fno-math-errno \
  -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
  $(HOST_CPPFLAGS) $(MSGPACK_CFLAGS) $(JANSSON_CFLAGS)
FUZZ_RUN = -max_total_time=$(FUZZ_SECONDS) -print_final_stats=1
FUZZERS = fuzz_decode fuzz_frame fuzz_signature fuzz_state
FUZZ_RUNS = run-fuzz-decode run-fuzz-frame run-fuzz-signature run-fuzz-state

# Messages, in msgpack and in JSON.
fuzz_decode:
	$(FUZZ_CC) $(top_srcdir)/tests/fuzz/fuzz_decode.c \
	  $(top_srcdir)/plugin/sdk/wire/*.c $(top_srcdir)/host-sdk/json/*.c \
	  $(JANSSON_LIBS) -o $@
run-fuzz-decode: fuzz_decode
	mkdir -p fuzz-decode
	./fuzz_decode $(FUZZ_RUN) fuzz-decode

# The frames of a hostile worker.
fuzz_frame:
	$(FUZZ_CC) $(top_srcdir)/tests/fuzz/fuzz_frame.c \
	  $(top_srcdir)/tests/worker/hostile.c \
	  $(top_srcdir)/host-sdk/worker/bytes.c \
	  $(top_srcdir)/host-sdk/worker/frame.c \
	  $(top_srcdir)/host-sdk/worker/hello.c -o $@
run-fuzz-frame: fuzz_frame
	mkdir -p fuzz-frame
	./fuzz_frame $(FUZZ_RUN) fuzz-frame $(top_srcdir)/tests/fuzz/corpus/frame

# Signatures, and the messages of reflected calls.
fuzz_signature:
	$(FUZZ_CC) $(top_srcdir)/tests/fuzz/fuzz_signature.c \
	  $(top_srcdir)/host-sdk/reflect/json_text.c \
	  $(top_srcdir)/host-sdk/reflect/message.c \
	  $(top_srcdir)/host-sdk/reflect/pack.c \
	  $(top_srcdir)/host-sdk/reflect/reader.c \
	  $(top_srcdir)/host-sdk/reflect/signature.c \
	  $(top_srcdir)/host-sdk/library/tell.c -lm -o $@
run-fuzz-signature: fuzz_signature
	mkdir -p fuzz-signature
	./fuzz_signature $(FUZZ_RUN) fuzz-signature \
	  $(top_srcdir)/tests/fuzz/corpus/signature

# Foresight's state, loaded and lived with.
fuzz_state:
	$(FUZZ_CC) -DHEARTH_STATIC_PLUGIN=foresight_entry \
	  -include $(top_srcdir)/tests/fuzz/twist.h \
	  $(top_srcdir)/tests/fuzz/fuzz_state.c \
	  $(top_srcdir)/tests/foresight/course.c $(top_srcdir)/tests/sdk/mend.c \
	  $(top_srcdir)/plugin/foresight/*.c $(top_srcdir)/plugin/foresight/*/*.c \
	  $(top_srcdir)/plugin/sdk/*.c $(top_srcdir)/plugin/sdk/wire/*.c \
	  $(top_srcdir)/plugin/sdk/pool/*.c -o $@
run-fuzz-state: fuzz_state
	mkdir -p fuzz-state
	./fuzz_state $(FUZZ_RUN) -max_len=65536 fuzz-state \
	  $(top_srcdir)/tests/fuzz/corpus/state

fuzz: $(FUZZ_RUNS)
.PHONY: fuzz $(FUZZERS) $(FUZZ_RUNS)
CLEANFILES += $(FUZZERS)
EXTRA_DIST += tests/fuzz/fuzz_decode.c tests/fuzz/fuzz_frame.c \
  tests/fuzz/fuzz_signature.c tests/fuzz/fuzz_state.c tests/fuzz/twist.h \
  tests/fuzz/corpus
