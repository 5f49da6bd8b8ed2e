/** What `coproc --help` prints. */
export const HELP = `Usage: coproc COMMAND [options]

CPU work of Node.js in other processes and threads, over shared memory.

Commands:
  map       run a function over many inputs, on all cores
  doctor    say what this machine offers, and test it

Options:
  -h, --help     print this, or the help of a command: coproc map --help
  -V, --version  print the version

Examples:
  coproc map ./jobs.js#fib 40 41 42
  coproc map ./hash.js --glob 'photos/**/*.jpg' --out hashes.jsonl
  coproc doctor

The package also has an API: https://www.npmjs.com/package/coproc
`;

/** What `coproc map --help` prints. */
export const MAP_HELP = `Usage: coproc map MODULE[#export] [INPUT...] [options]

Runs an exported function over inputs, on all cores, and prints one line of JSON for each result, in the order of the inputs.

MODULE is a path, a file: or data: URL, node:NAME or a package. Without #export, its default export runs, or its only function.
A generator function gives one line for each value that it yields.

Inputs (several kinds may be given; they come in this order):
  INPUT...          each one is an item
  --glob PATTERN    the paths of the files that match, sorted; may be given several times
  --lines FILE      each line of FILE is an item, - is standard input; may be given several times.
                    Read when there is no other input and standard input is no terminal
  --json            each INPUT and line must be JSON; blank lines are left out
  --text            each INPUT and line is text, blank lines too
                    (neither: what is JSON is taken as JSON, anything else as text; blank lines are left out)

How to run:
  -w, --workers N   how many workers (default: one for each core that may be used)
  --backend B       process (default) or thread
  --transport T     auto (default), ring (shared memory) or pipe
  --chunk N         items that travel to a worker together (default: as many as take some 10 ms)
  --timeout MS      how long one item may run; then it has failed
  --retry N         how often an item may run again whose worker has ended under it (default: 0)
  -k, --keep-going  go on after an item that fails

Results:
  --unordered       print results as they come
  --reduce EXPORT   fold the results by EXPORT(accumulator, result) of MODULE, and print what comes of it, one JSON value
  --initial JSON    what the fold starts with (default: the first result)
  -o, --out FILE    write to FILE, which is replaced when all is done, and is left alone when the run fails
  --progress P      auto (default: where standard error is a terminal), always or never
  -v, --verbose     say on standard error how many workers started, by which transport, and how many were lost
  -h, --help        print this

Results go to standard output; everything else, what the function prints included, to standard error.

Exit code: 0 all is done, or nobody reads the output any more (| head); 1 an item or the run failed; 2 it could not begin:
bad options, no such module, export or input; 130 after Ctrl-C, 143 after SIGTERM, 129 after SIGHUP.

Examples:
  coproc map ./jobs.js#fib 40 41 42
  coproc map ./resize.js --glob 'photos/**/*.jpg' --keep-going --timeout 10000
  zcat log.gz | coproc map ./parse.js#parseLine --text --unordered > parsed.jsonl
  seq 1000000 | coproc map ./primes.js#isPrime --reduce count --initial 0
  coproc map node:path#basename /a/b.txt /c/d.txt
`;

/** What `coproc doctor --help` prints. */
export const DOCTOR_HELP = `Usage: coproc doctor [--json]

Says what this machine offers: Node.js, cores (with the limits of affinity and control group), koffi, the transport that
processes and threads get and why. Then starts a worker of each kind, calls it, takes items of a stream, and closes it.

  --json       print the findings as one JSON object
  -h, --help   print this

Exit code: 0 all is well, 1 a test failed.

Examples:
  coproc doctor
  coproc doctor --json | jq .trials
`;
