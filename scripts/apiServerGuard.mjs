// Waits for the process that started an API server to end. However it ends, its servers end and their folder goes.
// usage: apiServerGuard.mjs FOLDER   with lines on its input: `+ID` a process has started, `-ID` it has ended,
// `done` nothing is left to do
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { text } from 'node:stream/consumers';

const [folder] = process.argv.slice(2);
// The terminal's Ctrl+C reaches this process as well; it is the input's end that counts.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);
const lines = (await text(process.stdin)).split('\n').filter(Boolean);
if (!lines.includes('done')) {
  const running = lines.filter((line) => /^\+\d+$/.test(line)).map((line) => line.slice(1));
  for (const id of running.filter((id) => !lines.includes(`-${id}`))) {
    try {
      process.kill(Number(id), 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
  await sleep(300);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
