import { arrayMember } from '../../engine/index.ts';
import { applyEdits, insertItem, parseSource, removeValue } from '../../yaml/index.ts';
import type { SourceFile } from '../../yaml/index.ts';
import type { OpenFile } from '../snapshot.ts';
import type { FilePlan, PlannedFile } from './types.ts';
import { folderOf } from './world.ts';
import type { Ground } from './world.ts';

/**
 * A plan with the kustomizations that list the files of a folder: kustomize builds what is listed and nothing else
 * (`resources` of its `api/types/kustomization.go`), and fails on a file that is gone.
 */
export function withKustomizations(ground: Ground, plan: FilePlan): FilePlan {
  const files: PlannedFile[] = [];
  const warnings: string[] = [];
  for (const file of ground.kustomizations) {
    const start = `${folderOf(file.uri)}/`;
    const below = plan.files.filter(({ uri }) => uri.startsWith(start));
    const [made, gone] = [
      below.filter(({ before }) => before === undefined),
      below.filter(({ after }) => after === undefined),
    ].map((list) => list.map(({ uri }) => decoded(uri.slice(start.length))));
    const edited = withResources(file, made ?? [], gone ?? []);
    if (typeof edited === 'string') warnings.push(edited);
    else if (edited) files.push(edited);
  }
  return {
    ...plan,
    files: [...plan.files, ...files],
    warnings: [...plan.warnings, ...warnings],
  };
}

/** The kustomization with other files listed, or a sentence where it cannot be edited; `undefined` where it lists none. */
function withResources(
  { uri, source }: OpenFile,
  made: readonly string[],
  gone: readonly string[],
): PlannedFile | string | undefined {
  const listed = resourcesIn(source);
  const folders = new Set(listed.filter((name) => /\.ya?ml$/.test(name)).map(folderOf));
  const added = made.filter((name) => folders.has(folderOf(name)) && !listed.includes(name));
  const removed = gone.filter((name) => listed.includes(name));
  if (added.length + removed.length === 0) return undefined;
  const name = uri.slice(folderOf(uri).length + 1);
  const steps = [
    ...added.map((file) => ({ type: 'add', file }) as const),
    ...removed.map((file) => ({ type: 'remove', file }) as const),
  ];
  let current = source;
  for (const { type, file } of steps) {
    const [document] = current.documents;
    const at = resourcesIn(current).indexOf(file);
    const result =
      document &&
      (type === 'add'
        ? insertItem(document, ['resources'], file)
        : removeValue(document, ['resources', at]));
    if (!result || 'reason' in result) {
      const todo = type === 'add' ? 'add' : 'take out';
      return `${name} cannot be edited here: ${todo} ${file} under its resources.`;
    }
    current = parseSource(applyEdits(current.text, result.edits), current);
  }
  const notes = steps.map(({ type, file }) =>
    type === 'add' ? `${name}: lists ${file}.` : `${name}: no longer lists ${file}.`,
  );
  return { uri, before: source.text, after: current.text, notes };
}

/** What a kustomization lists, without `./`. */
function resourcesIn({ documents: [document] }: SourceFile): readonly string[] {
  return arrayMember(document?.value ?? null, 'resources').map((item) =>
    typeof item === 'string' ? item.replace(/^\.\//, '') : '',
  );
}

/** A name in a URI as it is on disk. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
