/** Buttons and links that look like them. A button says what happens when it is pressed. */
import type { ComponentProps, ReactNode, Ref } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components/Button';
import { Link } from 'wouter';
import styles from './Button.module.css';
import { names } from './names';

export type ButtonVariant = 'default' | 'primary' | 'quiet' | 'danger' | 'facilitator';

interface Look {
  variant?: ButtonVariant;
  /** `small` is 32 px for dense desktop bars, and 44 px again where the pointer is a finger. */
  size?: 'medium' | 'small';
  icon?: ReactNode;
  children?: ReactNode;
}

export interface ButtonProps extends Look, Omit<AriaButtonProps, 'children' | 'className' | 'style'> {
  /** Work is under way: the button keeps focus and its place, and does not fire again. */
  busy?: boolean;
  className?: string;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({ variant = 'default', size, icon, busy, className, children, ...rest }: ButtonProps) {
  // Not React Aria's `isPending`: without a progress bar inside, it announces an element that has no name.
  const held = busy ? ({ 'aria-disabled': true, onPress: undefined, type: 'button' } as const) : undefined;
  return (
    <AriaButton {...rest} {...held} className={look(variant, size, names(busy && styles.busy, className))}>
      {icon}
      {children}
    </AriaButton>
  );
}

export interface ButtonLinkProps extends Look, Omit<ComponentProps<'a'>, 'children' | 'href'> {
  href: string;
}

export function ButtonLink({ variant = 'default', size, icon, className, children, ...rest }: ButtonLinkProps) {
  return (
    <Link {...rest} className={look(variant, size, className)}>
      {icon}
      {children}
    </Link>
  );
}

function look(variant: ButtonVariant, size: Look['size'], more?: string): string {
  return names(styles.button, variant !== 'default' && styles[variant], size === 'small' && styles.small, more);
}
