/** Until ballots come with sessions, support is a reaction of this name. */
export const SUPPORT = '👍';
