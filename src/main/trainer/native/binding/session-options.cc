// Options of the sessions that tfjs-node's addon makes: it is compiled with TF_NewSessionOptions as the name of what is
// here.
#include <cstdio>
#include <cstdlib>
#include <string>

#undef TF_NewSessionOptions
#include "tensorflow/c/c_api.h"

namespace {

/**
 * Of what TensorFlow does to a graph before it plans a call, what is worth its time here, for graphs are written as
 * they should run: to leave out what the call does not need, to compute what is constant, and to join operations.
 * Training is as fast as with all of it, and the bits are the same.
 */
const char* const OPTIMISERS[] = {"pruning", "constfold", "remap"};

/** A field of a protocol buffer that holds bytes, fewer than 128. */
std::string field(int number, const std::string& bytes) {
  std::string tag;
  unsigned key = number << 3 | 2;
  for (; key >= 128; key >>= 7) tag += char((key & 127) | 128);
  return tag + char(key) + char(bytes.size()) + bytes;
}

/** A ConfigProto. */
std::string config() {
  std::string optimisers;
  for (const char* name : OPTIMISERS) optimisers += field(100, name);
  const std::string rewriteOptions = field(10, optimisers);
  return field(10, rewriteOptions);
}

}  // namespace

extern "C" TF_SessionOptions* NormscopeSessionOptions() {
  TF_SessionOptions* options = TF_NewSessionOptions();
  TF_Status* status = TF_NewStatus();
  const std::string bytes = config();
  TF_SetConfig(options, bytes.data(), bytes.size(), status);
  if (TF_GetCode(status) != TF_OK) {
    std::fprintf(stderr, "TensorFlow does not take the session's options: %s\n", TF_Message(status));
    std::abort();
  }
  TF_DeleteStatus(status);
  return options;
}
