import { TabInputTextDiff, Uri, type Tab } from 'vscode';

/** The two sides of one diff. */
export interface DiffUris {
  readonly original: Uri;
  readonly modified: Uri;
}

/**
 * What a diff tab shows, with one pair or many; nothing for another tab. The class of the latter is not in
 * VS Code's stable typings, so it is told by what it holds.
 */
export function diffsOf({ input }: Tab): readonly DiffUris[] {
  if (input instanceof TabInputTextDiff) return [input];
  if (typeof input !== 'object' || input === null || !('textDiffs' in input)) return [];
  const { textDiffs } = input;
  if (!Array.isArray(textDiffs)) return [];
  return textDiffs.filter(
    (diff): diff is DiffUris => diff?.original instanceof Uri && diff.modified instanceof Uri,
  );
}

/** Whether a tab shows a diff over many files, whoever opened it. */
export function isMultiDiff(tab: Tab | undefined): boolean {
  return tab !== undefined && !(tab.input instanceof TabInputTextDiff) && diffsOf(tab).length > 0;
}
