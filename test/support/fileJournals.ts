import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { JournalStore } from '../../src/push/index.ts';

/** Journals in files of a folder, on the disk when a write resolves. Claimed by the id of a process that is alive. */
export function fileJournals(folder: string): JournalStore {
  const path = (id: string): string => join(folder, `${id}.json`);
  const lock = (id: string): string => join(folder, `${id}.lock`);
  const done = Promise.resolve();
  return {
    list: () =>
      Promise.resolve(
        readdirSync(folder)
          .filter((name) => name.endsWith('.json'))
          .map((name) => name.slice(0, -'.json'.length)),
      ),
    read: (id) =>
      Promise.resolve(existsSync(path(id)) ? readFileSync(path(id), 'utf8') : undefined),
    write: (id, text) => {
      writeWhole(path(id), text);
      return done;
    },
    append: (id, text) => {
      writeDurably(path(id), 'a', text);
      return done;
    },
    remove: (id) => {
      rmSync(path(id), { force: true });
      return done;
    },
    claim: (id) => {
      if (existsSync(lock(id)) && isAlive(Number(readFileSync(lock(id), 'utf8')))) {
        return Promise.resolve(false);
      }
      writeWhole(lock(id), String(process.pid));
      return Promise.resolve(true);
    },
    holds: (id) =>
      Promise.resolve(
        existsSync(lock(id)) && Number(readFileSync(lock(id), 'utf8')) === process.pid,
      ),
    unclaim: (id) => {
      rmSync(lock(id), { force: true });
      return done;
    },
  };
}

function writeWhole(path: string, text: string): void {
  writeDurably(`${path}.new`, 'w', text);
  renameSync(`${path}.new`, path);
}

function writeDurably(path: string, flags: 'w' | 'a', text: string): void {
  const file = openSync(path, flags);
  writeSync(file, text);
  fsyncSync(file);
  closeSync(file);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
