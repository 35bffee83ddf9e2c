#ifndef GOLDWIRE_COMPILED_H
#define GOLDWIRE_COMPILED_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

PyObject *scan(PyObject *module, PyObject *args);
PyObject *count(PyObject *module, PyObject *args);

extern const char scan_doc[], count_doc[];

#endif
