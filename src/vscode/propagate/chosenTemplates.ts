import { Uri, window, workspace, type QuickPickItem } from 'vscode';
import type { TemplateInfo, Workspace } from '../../analysis/index.ts';
import { treeTargets } from '../acting/treeTargets.ts';
import { toPosition } from '../convert.ts';
import type { Documents } from '../documents.ts';
import { showInformation } from '../messages.ts';
import { plainLabel } from '../plainLabel.ts';

/**
 * The keys of the templates that a command is about: those of a lens, of lines of a view, in the files and folders chosen,
 * at the cursor; else the user picks releases. `undefined` when there is nothing or the user gives up.
 */
export async function chosenTemplates(
  documents: Documents,
  args: readonly unknown[],
  title: string,
): Promise<readonly string[] | undefined> {
  const analysis = documents.workspace;
  const given = lensTemplates(args[0]) ?? treeTemplates(analysis, args);
  if (given.length > 0) return given;
  const uris = chosenUris(args);
  const here = templatesBelow(documents, uris);
  if (here.length === 1) return here;
  if (here.length > 1) return pick(analysis, here, title, uris.length > 1);
  if (uris.length > 0 && args.length > 0) {
    void showInformation(`${nameOf(uris)} holds no HelmRelease or other object to propagate.`);
    return undefined;
  }
  const releases = analysis.templates().filter(isRelease);
  const all = releases.length > 0 ? releases : analysis.templates();
  if (all.length > 0)
    return pick(
      analysis,
      all.map(({ key }) => key),
      title,
      false,
    );
  void showInformation('Open a folder with a HelmRelease first.');
  return undefined;
}

function isRelease({ kind }: TemplateInfo): boolean {
  return kind === 'HelmRelease';
}

function lensTemplates(argument: unknown): readonly string[] | undefined {
  if (typeof argument !== 'object' || argument === null || !('templates' in argument)) return;
  const { templates } = argument;
  if (!Array.isArray(templates)) return undefined;
  return templates.filter((template) => typeof template === 'string');
}

/** A release that a document defines in another version is the document's. */
function treeTemplates(analysis: Workspace, args: readonly unknown[]): readonly string[] {
  const infos = analysis.templates();
  const keys = treeTargets(args).map(({ reference }) => {
    const { apiVersion, kind, namespace, name } = reference;
    const group = apiVersion.replace(/\/.*$/, '');
    const known = infos.find(
      (info) =>
        info.kind === kind &&
        info.namespace === namespace &&
        info.name === name &&
        info.apiVersion.replace(/\/.*$/, '') === group,
    );
    return known?.key ?? `${apiVersion}/${kind}/${namespace}/${name}`;
  });
  return [...new Set(keys)];
}

function chosenUris([first, all]: readonly unknown[]): readonly Uri[] {
  const selected = Array.isArray(all) ? all.filter((uri) => uri instanceof Uri) : [];
  if (selected.length > 0) return selected;
  if (first instanceof Uri) return [first];
  const active = window.activeTextEditor?.document.uri;
  return active ? [active] : [];
}

/** Those that the documents hold; of one file with a cursor in it those at the cursor, releases in front of the others. */
function templatesBelow(documents: Documents, uris: readonly Uri[]): readonly string[] {
  const names = [...documents.texts.keys()];
  const files = new Set(
    uris.flatMap((uri) => {
      const name = uri.toString();
      const prefix = name.endsWith('/') ? name : `${name}/`;
      return names.filter((other) => other === name || other.startsWith(prefix));
    }),
  );
  const held = documents.workspace.templates().filter(({ uri }) => files.has(uri));
  const releases = held.filter(isRelease);
  const [file] = files;
  const here = files.size === 1 && file !== undefined ? atCursor(documents, file) : [];
  const atHand = held.filter(({ key }) => here.includes(key));
  if (atHand.length === 1) return atHand.map(({ key }) => key);
  return (releases.length > 0 ? releases : held).map(({ key }) => key);
}

function atCursor(documents: Documents, file: string): readonly string[] {
  const editor = window.activeTextEditor;
  if (editor?.document.uri.toString() !== file) return [];
  return documents.workspace.templatesFor(file, toPosition(editor.selection.active));
}

interface TemplateItem extends QuickPickItem {
  readonly key: string;
}

async function pick(
  analysis: Workspace,
  keys: readonly string[],
  title: string,
  picked: boolean,
): Promise<readonly string[] | undefined> {
  const infos = new Map(analysis.templates().map((info) => [info.key, info]));
  const items = keys.map((key): TemplateItem => {
    const info = infos.get(key);
    const place = info && workspace.asRelativePath(Uri.parse(info.uri));
    const parts = [info?.kind, info?.namespace, place].filter(Boolean);
    return {
      label: plainLabel(info?.name ?? key),
      description: plainLabel(parts.join(' · ')),
      picked,
      key,
    };
  });
  const chosen = await window.showQuickPick(items, {
    title,
    placeHolder: 'Which releases?',
    canPickMany: true,
    matchOnDescription: true,
  });
  if (chosen?.length === 0) void showInformation('No release is chosen: tick at least one.');
  return chosen && chosen.length > 0 ? chosen.map(({ key }) => key) : undefined;
}

function nameOf(uris: readonly Uri[]): string {
  const [uri] = uris;
  return uris.length === 1 && uri ? workspace.asRelativePath(uri) : 'The selection';
}
