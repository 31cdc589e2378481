// libcrypto's EVP interface as Swift sees it. Macros that Swift cannot import get a prefixed wrapper here.
#ifndef WEIR_COPENSSL_SHIM_H
#define WEIR_COPENSSL_SHIM_H

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#endif
