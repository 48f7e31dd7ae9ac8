#!/usr/bin/env bash
# memory-checks.sh: the kernel tests under valgrind and under the address sanitizer, for a developer.
#
# Valgrind emulates a processor without AVX-512, so it sees the AVX2 and the portable path; the sanitizer runs
# every path of this machine, AVX-512 included, and needs a nightly toolchain. Takes some minutes each.
set -euo pipefail
cd "$(dirname "$0")/../../.."

say() { printf '\n== %s\n' "$*"; }

if command -v valgrind >/dev/null; then
  say 'valgrind'
  cargo build --quiet -p nbzero
  valgrind --quiet --error-exitcode=9 target/debug/nbzero bench --plan | head -n 1
  test=$(cargo test --no-run -p nbz-engine --test cpu_operations --message-format=json 2>/dev/null |
    sed -n 's/.*"executable":"\([^"]*\)".*/\1/p')
  valgrind --error-exitcode=9 "$test"
else
  echo 'skipped: valgrind is not installed'
fi

if cargo +nightly --version >/dev/null 2>&1; then
  say 'address sanitizer'
  host=$(rustc -vV | sed -n 's/^host: //p')
  RUSTFLAGS=-Zsanitizer=address cargo +nightly test -p nbz-engine --target "$host" \
    --test cpu_operations --test same_bits --test bad_input
else
  echo 'skipped: no nightly toolchain is installed'
fi
