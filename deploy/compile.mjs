// Compiles the Python files below a folder with the Python that npm's pyodide is: `node compile.mjs FOLDER MINOR`.
// A .pyc is of one minor version of Python, and the same for every machine; so it needs no Python of the runtime's here.

import { loadPyodide } from "pyodide";

const [folder, minor] = process.argv.slice(2);
const python = await loadPyodide();
python.mountNodeFS("/var/task", folder); // where the runtime has it, so that tracebacks name the files as they are there
python.globals.set("minor", minor);
python.runPython(`
import compileall, py_compile, sys
own = f"{sys.version_info.major}.{sys.version_info.minor}"
sys.exit(f"this pyodide is Python {own}, and the functions' runtime is {minor}: install its pyodide") if own != minor else None
mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
compileall.compile_dir("/var/task", quiet=1, invalidation_mode=mode) or sys.exit("some files do not compile")
`);
