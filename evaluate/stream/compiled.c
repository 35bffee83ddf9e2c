/* The two inner loops of the fast path: lines of records into columns (lines.c), columns into counts (schemes.c).
 *
 * Without a compiler goldwire installs without this module, and what it does is done in Python.
 */

#include "compiled.h"

static PyMethodDef methods[] = {
    {"scan", scan, METH_VARARGS, scan_doc},
    {"count", count, METH_VARARGS, count_doc},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "compiled", "Lines of records into columns, columns into counts.", 0, methods,
    NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit_compiled(void)
{
    return PyModuleDef_Init(&definition);
}
