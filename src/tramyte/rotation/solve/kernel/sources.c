/* Which sources the library was built from: tools/kernel.py counts it and compiled.py asks. */
#include "part.h"

API int64_t sources(void)
{
    return SOURCES;
}
