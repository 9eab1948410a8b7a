import { parseAllDocuments } from 'yaml';
import { createWorkspace } from '../src/door.ts';
import type { Workspace } from '../src/door.ts';
import { checkRatio, finish, medianTime } from './measure.ts';
import { releaseTexts } from './releaseFile.ts';

/**
 * The unit is a full parse of the same text by the `yaml` package: every YAML language server does that first. On such
 * a text yaml-language-server 2.0 takes 1.7 times as long from a keystroke to its diagnostics, so that 0.085 parses
 * are a twentieth of its time.
 */
const keystrokeBound = 0.085;
const coldBound = 1.3;

const { fleet, releases } = releaseTexts(400);

function openAll(): Workspace {
  const workspace = createWorkspace();
  workspace.update('fleet.yaml', fleet);
  diagnose(workspace, releases);
  return workspace;
}

function diagnose(workspace: Workspace, text: string): void {
  workspace.update('releases.yaml', text);
  const [found] = workspace.diagnostics('releases.yaml');
  if (found) throw new Error(`line ${found.range.start.line + 1}: ${found.message}`);
}

const parse = medianTime(() => parseAllDocuments(releases));
const kilobytes = `${(releases.length / 1000).toFixed(0)} kB`;

/** Types another character behind a mark again and again, while everything is open. */
function keystroke(where: string, mark: string): void {
  const at = releases.indexOf(mark) + mark.length;
  if (at < mark.length) throw new Error(`the text has no ${mark}`);
  const workspace = openAll();
  let typed = 0;
  const type = (): void => {
    typed++;
    diagnose(workspace, releases.slice(0, at) + String(typed % 10) + releases.slice(at));
  };
  const time = medianTime(type, { runs: 41, warmUp: 20 });
  checkRatio(
    `keystroke in ${where} to complete diagnostics ÷ parse by yaml`,
    time / parse,
    keystrokeBound,
    `${time.toFixed(2)} ms ÷ ${parse.toFixed(1)} ms, ${kilobytes}`,
  );
}

keystroke('a release', 'repository: ghcr.io/example/app-200');
keystroke('the override of one release', 'value: 2.200.');
keystroke('the override of all releases', 'value: production');

const cold = medianTime(openAll);
checkRatio(
  'a file just opened to complete diagnostics ÷ parse by yaml',
  cold / parse,
  coldBound,
  `${cold.toFixed(1)} ms ÷ ${parse.toFixed(1)} ms, ${kilobytes}`,
);
finish();
