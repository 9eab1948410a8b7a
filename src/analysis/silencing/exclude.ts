import picomatch from 'picomatch';

/** Longer globs are nobody's setting. */
const longestGlob = 1000;

/**
 * Which documents the user's globs exclude. A glob is about the path below one of the root folders, or about the
 * whole path where there is none; one that names a folder is about everything in it.
 */
export function createExclude(
  globs: readonly string[],
  roots: readonly string[],
): (uri: string) => boolean {
  const usable = globs
    .filter((glob) => glob !== '' && glob.length <= longestGlob)
    .map((glob) => glob.replace(/^\.\//, '').replace(/\/+$/, ''));
  if (usable.length === 0) return () => false;
  const matches = picomatch(usable, { dot: true, windows: false });
  const folders = roots.map((root) => `${uriPath(root).replace(/\/+$/, '')}/`);
  const known = new Map<string, boolean>();
  return (uri) => {
    const answered = known.get(uri);
    if (answered !== undefined) return answered;
    const path = uriPath(uri);
    const below = folders.flatMap((root) => (path.startsWith(root) ? path.slice(root.length) : []));
    const names = below.length > 0 ? below : [path.replace(/^(?:\.?\/)+/, '')];
    const isExcluded = names.flatMap(withFolders).some((name) => matches(name));
    known.set(uri, isExcluded);
    return isExcluded;
  };
}

/** A path and every folder above it. */
function withFolders(path: string): readonly string[] {
  const segments = path.split('/');
  return segments.map((_, i) => segments.slice(0, i + 1).join('/'));
}

/** The path of a URI as people write it; a plain path is itself. */
export function uriPath(uri: string): string {
  const path = /^[A-Za-z][\w+.-]+:(?:\/\/[^/]*)?(.*)$/s.exec(uri);
  if (!path) return uri;
  try {
    return decodeURIComponent(path[1] ?? '');
  } catch {
    return path[1] ?? '';
  }
}
