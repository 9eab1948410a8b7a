import type { Result } from '../types.ts';

/** The parts of an image that Karmada edits. Either a tag or a digest is kept, never both. */
export interface ImageReference {
  readonly hostname: string;
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
}

export type ImageComponent = 'Registry' | 'Repository' | 'Tag';

const hostPart = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const host = `(?:${hostPart}(?:\\.${hostPart})*|\\[(?:[a-fA-F0-9:]+)\\])(?::[0-9]+)?`;
const pathPart = '[a-z0-9]+(?:(?:[._]|__|[-]+)[a-z0-9]+)*';
const path = `${pathPart}(?:\\/${pathPart})*`;
const tagText = '[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}';
const digestText = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}';

const reference = new RegExp(`^((?:${host}\\/)?${path})(?::(${tagText}))?(?:@(${digestText}))?$`);
const hostAndPath = new RegExp(`^(?:${host}\\/)?(${path})$`);
const wholeTag = new RegExp(`^${tagText}$`);
const wholeDigest = new RegExp(`^${digestText}$`);
const plainDigest = /^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$/;
const hexLengths: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

/**
 * Takes an image apart as `pkg/util/imageparser/parser.go` does with github.com/distribution/reference: no Docker Hub
 * names are filled in, and a digest beside a tag is dropped.
 */
export function parseImage(image: string): Result<ImageReference> {
  const match = reference.exec(image);
  if (!match) return { error: mismatch(image) };
  const [, name = '', tag = '', digest = ''] = match;
  const repositoryPath = hostAndPath.exec(name)?.[1] ?? name;
  if (repositoryPath.length > 255) {
    return { error: 'repository name must not be more than 255 characters' };
  }
  const digestError = digest === '' ? undefined : checkDigest(digest);
  if (digestError !== undefined) return { error: digestError };
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  const isHost = /[.:]/.test(first) || first === 'localhost';
  return {
    value: {
      hostname: isHost ? first : '',
      repository: isHost ? name.slice(slash + 1) : name,
      tag,
      digest: tag === '' ? digest : '',
    },
  };
}

function mismatch(image: string): string {
  if (image === '') return 'repository name must have at least one component';
  return reference.test(image.toLowerCase())
    ? 'repository name must be lowercase'
    : 'invalid reference format';
}

/** Follows github.com/opencontainers/go-digest. */
function checkDigest(digest: string): string | undefined {
  const colon = digest.indexOf(':');
  const algorithm = digest.slice(0, colon);
  const length = Object.hasOwn(hexLengths, algorithm) ? hexLengths[algorithm] : undefined;
  if (length === undefined) {
    return plainDigest.test(digest)
      ? 'unsupported digest algorithm'
      : 'invalid checksum digest format';
  }
  const encoded = digest.slice(colon + 1);
  if (encoded.length !== length) return 'invalid checksum digest length';
  return /^[a-f0-9]*$/.test(encoded) ? undefined : 'invalid checksum digest format';
}

/** An image in one piece. */
export function printImage({ hostname, repository, tag, digest }: ImageReference): string {
  const name = hostname === '' ? repository : `${hostname}/${repository}`;
  if (tag !== '') return `${name}:${tag}`;
  return digest === '' ? name : `${name}@${digest}`;
}

/**
 * Changes one part (`overrideImage` of `pkg/util/overridemanager/imageoverride.go`). `add` appends to the part as it
 * stands; a tag that is neither a tag nor a digest leaves the image as it is.
 */
export function editImage(
  image: ImageReference,
  component: ImageComponent,
  operator: string,
  value: string,
): ImageReference {
  switch (component) {
    case 'Registry':
      return { ...image, hostname: editText(image.hostname, operator, value) };
    case 'Repository':
      return { ...image, repository: editText(image.repository, operator, value) };
    case 'Tag':
      return editTag(image, operator, value);
  }
}

function editText(text: string, operator: string, value: string): string {
  if (operator === 'add') return text + value;
  if (operator === 'replace') return value;
  return operator === 'remove' ? '' : text;
}

function editTag(image: ImageReference, operator: string, value: string): ImageReference {
  if (operator === 'remove') {
    return image.tag === '' ? { ...image, digest: '' } : { ...image, tag: '' };
  }
  const wanted = editText(image.tag === '' ? image.digest : image.tag, operator, value);
  if (wholeTag.test(wanted)) return { ...image, tag: wanted, digest: '' };
  return wholeDigest.test(wanted) ? { ...image, tag: '', digest: wanted } : image;
}
