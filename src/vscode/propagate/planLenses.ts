import { CodeLens, languages, Range, type TextDocument } from 'vscode';
import type { Disposable } from '../../base/lifecycle.ts';
import { toRange } from '../convert.ts';
import type { Documents } from '../documents.ts';
import { overrideScheme, planCommandIds } from '../names.ts';
import { plainLabel } from '../plainLabel.ts';
import type { OverrideDrafts } from './overrideDrafts.ts';

/** A lens above a manifest that is edited for an override. */
export function registerDraftLenses(drafts: OverrideDrafts): Disposable {
  return languages.registerCodeLensProvider(
    { scheme: overrideScheme },
    { provideCodeLenses: (document) => draftLenses(drafts, document) },
  );
}

/** A lens above each HelmRelease that propagates it. */
export function propagateLenses(documents: Documents, { uri }: TextDocument): readonly CodeLens[] {
  const analysis = documents.workspace;
  const name = uri.toString();
  const lenses = analysis.lenses(name);
  return analysis
    .templates()
    .filter((info) => info.uri === name && info.kind === 'HelmRelease')
    .flatMap(({ key, range }) => {
      const lens = lenses.findLast((one) => one.range.start.line <= range.start.line);
      if (!lens) return [];
      const command = {
        title: 'Propagate to Clusters…',
        command: planCommandIds.propagate,
        arguments: [{ templates: [key] }],
      };
      return [new CodeLens(toRange(lens.range), command)];
    });
}

function draftLenses(drafts: OverrideDrafts, { uri }: TextDocument): CodeLens[] {
  const draft = drafts.draftOf(uri);
  if (!draft) return [];
  const command = {
    title: plainLabel(`Create Override for ${draft.where}`),
    command: planCommandIds.createOverride,
    arguments: [uri],
  };
  return [new CodeLens(new Range(0, 0, 0, 0), command)];
}
