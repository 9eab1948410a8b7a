import type { YamlNode } from './nodes.ts';
import type { SourceDocument } from './source.ts';

/** Whether an offset in the file is inside `{…}` or `[…]`, where entries are written on one line. */
export function isInFlow(document: SourceDocument, offset: number): boolean {
  const at = offset - document.start;
  let node: YamlNode | undefined = document.read.root;
  while (node !== undefined && (node.type === 'map' || node.type === 'seq')) {
    if (node.flow && node.start < at && at < node.end) return true;
    const parts: readonly YamlNode[] =
      node.type === 'seq' ? node.items : node.pairs.flatMap(({ key, value }) => [key, value]);
    node = parts.findLast(({ start, end }) => start < end && start <= at && at <= end);
  }
  return false;
}
