import { globSync, readFileSync } from 'node:fs';
import { createWorkspace } from '../src/door.ts';
import type { Workspace } from '../src/door.ts';
import { checkRatio, finish, medianTime } from './measure.ts';

const texts = new Map(
  globSync('examples/fleet/**/*.yaml').map((path) => [path, readFileSync(path, 'utf8')]),
);
const edited = [...texts].find(([, text]) => /^kind: OverridePolicy$/m.test(text));
if (!edited) throw new Error('examples/fleet has no OverridePolicy to edit');
const [uri, text] = edited;

/** Everything that an open preview shows: outcomes, and both sides of every entry of every release. */
function show(workspace: Workspace): number {
  let length = workspace.preview().outcomes.length;
  for (const { key } of workspace.templates()) {
    for (const { cluster, group } of workspace.entries(key)) {
      for (const side of ['template', 'cluster'] as const) {
        length += workspace.previewText({ template: key, side, cluster, group }).length;
      }
    }
  }
  return length;
}

const all = medianTime(() => {
  const workspace = createWorkspace();
  for (const [name, content] of texts) workspace.update(name, content);
  show(workspace);
});

const open = createWorkspace();
for (const [name, content] of texts) open.update(name, content);
show(open);
let keystrokes = 0;
const keystroke = medianTime(() => {
  keystrokes++;
  open.update(uri, text.replace(/(value: \S+)$/m, `$1${keystrokes}`));
  show(open);
});

checkRatio(
  'keystroke to new preview ÷ doing it all again',
  keystroke / all,
  1 / 5,
  `${keystroke.toFixed(2)} ms ÷ ${all.toFixed(2)} ms, ${texts.size} files, edited ${uri}`,
);
finish();
