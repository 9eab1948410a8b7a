/** A short identity of a set of clusters (FNV-1a over the names in natural order), to notice that it changed. */
export function groupOf(clusters: readonly string[]): string {
  let hash = 0x811c9dc5;
  for (const name of clusters) {
    for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
    hash = Math.imul(hash ^ 10, 0x01000193);
  }
  return `${clusters.length}-${(hash >>> 0).toString(36)}`;
}
