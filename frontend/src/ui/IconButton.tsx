/** A button that is only a picture: its label is its accessible name and its tooltip. */
import type { ReactNode, Ref } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components/Button';
import styles from './IconButton.module.css';
import { names } from './names';

export interface IconButtonProps extends Omit<AriaButtonProps, 'children' | 'className' | 'style' | 'aria-label'> {
  label: string;
  icon: ReactNode;
  size?: 'medium' | 'small';
  /** Given at all, the button is a toggle and says which way it stands. */
  pressed?: boolean;
  className?: string;
  ref?: Ref<HTMLButtonElement>;
}

export function IconButton({ label, icon, size, pressed, className, ...rest }: IconButtonProps) {
  return (
    <AriaButton
      {...rest}
      aria-label={label}
      aria-pressed={pressed}
      className={names(styles.button, size === 'small' && styles.small, className)}
      render={(dom) => <button {...dom} title={label} />}
    >
      {icon}
    </AriaButton>
  );
}
