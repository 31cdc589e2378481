// libpq as Swift sees it.
#ifndef WEIR_CPOSTGRES_SHIM_H
#define WEIR_CPOSTGRES_SHIM_H

#include <libpq-fe.h>

#endif
