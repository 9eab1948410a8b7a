// The cache outside the checkout: what takes minutes to install or build and does not depend on the checkout.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The folder for everything that outlives one run: VS Code itself, never settings or test data. */
export function cacheFolder() {
  const base =
    process.env.XDG_CACHE_HOME ||
    (process.platform === 'win32' && process.env.LOCALAPPDATA) ||
    join(homedir(), '.cache');
  return join(base, 'karmada-flux');
}

/** Runs `work` while no other run on this machine fills `path`; the lock of a dead process is taken over. */
export async function withLock(path, what, say, work) {
  const lock = `${path}.lock`;
  mkdirSync(cacheFolder(), { recursive: true });
  const deadline = Date.now() + 30 * 60_000;
  let told = false;
  while (!take(lock)) {
    if (Date.now() > deadline)
      throw new Error(`Another run holds ${lock}; remove it if none does.`);
    if (!told) say(`Waiting for another run that ${what} …`);
    told = true;
    await sleep(1000);
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function take(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  if (!isAlive(lock)) rmSync(lock, { force: true });
  return false;
}

function isAlive(lock) {
  try {
    const pid = Number(readFileSync(lock, 'utf8'));
    if (!pid) return true;
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
