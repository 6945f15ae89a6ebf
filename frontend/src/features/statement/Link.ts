/**
 * A link as a mark. Our own because the ready-made one brings a 12 KB address finder for links that make themselves, which we do
 * not want: an address becomes a link when somebody says so. Attribute names are those of the ready-made one.
 */
import { Mark } from '@tiptap/core';
import { Plugin } from '@tiptap/pm/state';
import { mayHold } from './links';

declare module '@tiptap/core' {
  interface Commands<ReturnType> {
    link: {
      setLink: (attributes: { href: string }) => ReturnType;
      unsetLink: () => ReturnType;
    };
  }
}

const OUTSIDE = { target: '_blank', rel: 'noopener noreferrer' } as const;

export const Link = Mark.create({
  name: 'link',
  priority: 1000,
  keepOnSplit: false,
  // Typing after a link goes on as ordinary text.
  inclusive: false,
  addAttributes: () => ({
    href: { default: null },
    target: { default: OUTSIDE.target },
    rel: { default: OUTSIDE.rel },
    class: { default: null },
    title: { default: null },
  }),
  parseHTML: () => [
    { tag: 'a[href]', getAttrs: (element) => (mayHold(element.getAttribute('href') ?? '') ? { class: null, ...OUTSIDE } : false) },
  ],
  renderHTML({ HTMLAttributes }) {
    const { href, title } = HTMLAttributes as { href?: unknown; title?: unknown };
    // Whatever another client wrote: an address we would not hold leads nowhere.
    const safe = typeof href === 'string' && mayHold(href) ? { href, ...OUTSIDE } : {};
    return ['a', { ...safe, ...(typeof title === 'string' ? { title } : {}) }, 0];
  },
  addCommands() {
    return {
      setLink: ({ href }) => ({ commands }) => mayHold(href) && commands.setMark(this.name, { href }),
      unsetLink: () => ({ commands }) => commands.unsetMark(this.name, { extendEmptyMarkRange: true }),
    };
  },
  /** In a text that can be edited a browser follows no link: Ctrl or Cmd and a click does. */
  addProseMirrorPlugins: () => [
    new Plugin({
      props: {
        handleDOMEvents: {
          click(view, event) {
            const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[href]') : null;
            if (!link || !view.editable || !(event.ctrlKey || event.metaKey)) return false;
            event.preventDefault();
            window.open(link.href, '_blank', 'noopener,noreferrer');
            return true;
          },
        },
      },
    }),
  ],
});
