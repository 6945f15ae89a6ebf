/** Comments in threads, for whatever a feature lets people talk about. */
export { CommentForm } from './CommentForm';
export { CommentThread } from './CommentThread';
export { commentNews } from './news';
export { type Change, type Talk, type TalkOptions, type TalkThread, useThreads } from './useThreads';
export { default as commentStyles } from './comments.module.css';
