import { parentPort, workerData } from 'node:worker_threads';
import type { FileAnswers, FileArgs, FileCall, FileReply, FileRequest } from './sqlite-calls.ts';
import { SqliteFile } from './sqlite-file.ts';

/** The thread that owns the database file: answers one call after the other, in the order they were made. */
function serve(port: NonNullable<typeof parentPort>, dir: string): void {
  const file = new SqliteFile(dir, Date.now());
  port.on('message', ({ id, call }: FileRequest) => {
    port.postMessage(reply(file, id, call));
    if (call.name === 'close') port.close();
  });
  port.postMessage({ id: 0, ok: true, value: file.epoch } satisfies FileReply);
}

function reply(file: SqliteFile, id: number, call: FileCall): FileReply {
  try {
    return { id, ok: true, value: perform(file, call) };
  } catch (error) {
    return { id, ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

type Callable = { [N in keyof FileArgs]: (...args: FileArgs[N]) => FileAnswers[N] };

function perform<N extends keyof FileArgs>(file: Callable, { name, args }: FileCall<N>): FileAnswers[N] {
  return file[name](...args);
}

if (parentPort) {
  try {
    serve(parentPort, (workerData as { dir: string }).dir);
  } catch (error) {
    parentPort.postMessage({
      id: 0,
      ok: false,
      message: error instanceof Error ? error.message : String(error),
    } satisfies FileReply);
    parentPort.close();
  }
}
