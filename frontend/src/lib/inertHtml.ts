/**
 * HTML from outside as a document that is never shown: scripts in it do not run and pictures are not fetched. The one place where
 * text becomes HTML, so the one trusted-types policy of ours; the server's CSP allows it by this name and no other.
 */
interface Policy {
  createHTML(html: string): string;
}
interface TrustedTypes {
  createPolicy(name: string, rules: Policy): Policy;
}

let policy: Policy | undefined;

export function inertHtml(html: string): Document {
  const types = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;
  policy ??= types?.createPolicy('lab-inert-html', { createHTML: (text) => text }) ?? { createHTML: (text) => text };
  return new DOMParser().parseFromString(policy.createHTML(html), 'text/html');
}
