// libcurl as Swift sees it: setopt and getinfo are variadic, so each type that is used has a wrapper here.
#ifndef WEIR_CCURL_SHIM_H
#define WEIR_CCURL_SHIM_H

#include <curl/curl.h>

#endif
