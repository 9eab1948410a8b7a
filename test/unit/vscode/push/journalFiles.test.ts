import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createJournalFiles } from '../../../../src/vscode/push/journalFiles.ts';
import type { TextFolder } from '../../../../src/vscode/push/textFolder.ts';

/** A folder that two windows share, and the clock of the machine that they run on. */
function machine() {
  const files = new Map<string, string>();
  const timers = new Set<{ every: number; next: number; work: () => void }>();
  let now = 1_000;
  const folder: TextFolder = {
    names: async () => [...files.keys()],
    read: async (name) => files.get(name),
    write: async (name, text) => void files.set(name, text),
    create: async (name, text) => {
      if (files.has(name)) return false;
      files.set(name, text);
      return true;
    },
    begin: async (name, text) => void files.set(name, text),
    remove: async (name) => void files.delete(name),
  };
  const pass = async (ms: number) => {
    const end = now + ms;
    while (now < end) {
      now += 100;
      for (const timer of timers) {
        if (timer.next > now) continue;
        timer.next = now + timer.every;
        timer.work();
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const open = (owner: string, place = folder) =>
    createJournalFiles(place, {
      owner,
      now: () => now,
      sleep: () => new Promise((resolve) => setTimeout(resolve, 1)),
      every(ms, work) {
        const timer = { every: ms, next: now + ms, work };
        timers.add(timer);
        return { dispose: () => timers.delete(timer) };
      },
    });
  /** A window that is killed beats no more and lets go of nothing. */
  const kill = () => timers.clear();
  const setBack = (ms: number) => void (now -= ms);
  return { files, folder, open, pass, kill, setBack };
}

test('A journal is found again by its id, whatever that is', async () => {
  const { open, files } = machine();
  const store = open('a');
  const id = '2026/../x y%';
  await store.write(id, 'text');
  await store.write('__proto__', 'other');
  files.set('broken%.json', 'not ours');
  files.set('1.json.0f.1.tmp', 'half of one');
  assert.deepEqual(await open('b').list(), [id, '__proto__'].toSorted());
  assert.equal(await open('b').read(id), 'text');
  assert.ok([...files.keys()].every((name) => !name.includes('/')));
  await store.remove(id);
  assert.equal(await store.read(id), undefined);
});

test('One window alone has a push, as long as it lives', async () => {
  const { open, pass } = machine();
  const [one, other] = [open('a'), open('b')];
  assert.equal(await one.claim('1'), true);
  assert.equal(await other.claim('1'), false);
  assert.equal(await other.isClaimed('1'), true);
  await pass(120_000);
  assert.equal(await other.claim('1'), false, 'its heart beats on');
  await one.unclaim('1');
  assert.equal(await other.claim('1'), true);
  await one.unclaim('1');
  assert.equal(await one.claim('1'), false, 'what another one has is not let go');
});

test('The claim of a window that died ends', async () => {
  const { open, pass, kill } = machine();
  const [one, other] = [open('a'), open('b')];
  assert.equal(await one.claim('1'), true);
  kill();
  await pass(10_000);
  assert.equal(await other.claim('1'), false);
  await pass(15_000);
  assert.equal(await other.isClaimed('1'), false);
  assert.equal(await other.claim('1'), true);
  await pass(60_000);
  assert.equal(await one.claim('1'), false, 'should it come back it is too late');
});

test('The claim of a window that died ends also where the clock was set back', async () => {
  const { open, pass, kill, setBack } = machine();
  const [one, other] = [open('a'), open('b')];
  assert.equal(await one.claim('1'), true);
  setBack(3_600_000);
  assert.equal(await one.holds('1'), true, 'it lives and wins it again');
  await pass(10_000);
  assert.equal(await other.claim('1'), false);
  kill();
  setBack(3_600_000);
  assert.equal(await other.isClaimed('1'), false);
  assert.equal(await other.claim('1'), true);
  assert.equal(await one.holds('1'), false);
});

test('A window that slept does not have what another one has taken meanwhile, and else wins it again', async () => {
  const { open, pass, kill } = machine();
  const [one, other] = [open('a'), open('b')];
  assert.equal(await one.holds('1'), false);
  assert.equal(await one.claim('1'), true);
  assert.equal(await one.holds('1'), true);
  assert.equal(await other.holds('1'), false);
  kill();
  await pass(25_000);
  assert.equal(await one.holds('1'), true, 'nobody came');
  assert.equal(await other.claim('1'), false, 'it is won again');
  kill();
  await pass(25_000);
  assert.equal(await other.claim('1'), true);
  assert.equal(await one.holds('1'), false);
  assert.equal(await other.holds('1'), true);
});

test('A lock that is gone for the moment in which it is renewed is still its window’s', async () => {
  const { folder, open, pass } = machine();
  // As the editor replaces a file: it deletes it and moves the new one into its place.
  const replacing: TextFolder = {
    ...folder,
    async write(name, text) {
      await folder.remove(name);
      await new Promise((resolve) => setImmediate(resolve));
      await folder.write(name, text);
    },
  };
  const [one, other] = [open('a', replacing), open('b', replacing)];
  assert.equal(await one.claim('1'), true);
  for (let round = 0; round < 20; round++) {
    const [, held, taken] = await Promise.all([pass(4_100), one.holds('1'), other.claim('1')]);
    assert.equal(held, true, `round ${round}`);
    assert.equal(taken, false, `round ${round}`);
  }
});

test('Of two windows that write a lock at the same moment one has it at most', async () => {
  const { folder, open } = machine();
  // Both see no lock, and the later one writes over the earlier.
  const careless: TextFolder = {
    ...folder,
    create: async (name, text) => {
      await folder.write(name, text);
      return true;
    },
  };
  const [one, other] = [open('a', careless), open('b', careless)];
  const answers = await Promise.all([one.claim('1'), other.claim('1')]);
  assert.ok(answers.filter(Boolean).length <= 1, String(answers));
});

test('A lock that cannot be read is nobody’s', async () => {
  const { open, files } = machine();
  files.set('1.lock', '{"owner":');
  assert.equal(await open('a').claim('1'), true);
});

test('What is added to a journal lies beside it, counts in its order and only for its own text', async () => {
  const { open, files, folder } = machine();
  const journals = open('a');
  await assert.rejects(journals.append('1', 'x'), /only be added/);
  await journals.write('1', 'one');
  await journals.write('1.2', 'other');
  const added = Array.from({ length: 12 }, (_, index) => `\n${index}`);
  for (const text of added) await journals.append('1', text);
  await journals.append('1.2', '\nmore');
  assert.equal(await open('b').read('1'), `one${added.join('')}`);
  assert.deepEqual(await journals.list(), ['1', '1.2']);

  const old = new Map(files);
  await journals.write('1', 'whole');
  assert.equal(await journals.read('1'), 'whole');
  assert.equal(await journals.read('1.2'), 'other\nmore');
  // A window that died between writing the whole and removing what it replaced.
  for (const [name, text] of old) if (name.endsWith('.add')) await folder.write(name, text);
  assert.equal(await journals.read('1'), 'whole');
  await journals.remove('1');
  assert.ok(![...files.keys()].some((name) => name.startsWith('1.a')), String([...files.keys()]));
  assert.equal(await journals.read('1.2'), 'other\nmore');
});

test('Of an addition that a window died over, what is there is read', async () => {
  const { open, folder } = machine();
  const dying = { ...folder, begin: (name: string) => folder.begin(name, 'hal') };
  const store = open('a', dying);
  await store.write('1', 'text');
  await store.append('1', 'half');
  assert.equal(await open('b').read('1'), 'texthal');
  await open('b').write('1', 'whole');
  assert.equal(await open('c').read('1'), 'whole');
});
