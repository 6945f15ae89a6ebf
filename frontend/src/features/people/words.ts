/** Small judgements about what people typed. The server has the last word on all of them. */

export function isEmail(text: string): boolean {
  return /^\S+@\S+\.\S+$/.test(text.trim());
}

export const PASSWORD_RULES =
  'At least 12 characters. A few words you can remember are better than one complicated one; common passwords are refused.';

export function passwordProblem(password: string): string | undefined {
  if ([...password].length < 12) return `Use at least 12 characters; this is ${[...password].length}.`;
  return undefined;
}
