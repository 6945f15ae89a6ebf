// Pictures: uploaded images as the canvas draws them, fetched once each.

export class Pictures {
  private readonly loaded = new Map<string, HTMLImageElement>();

  /** `arrived`: called when there is something new to draw. */
  constructor(private readonly arrived: () => void) {}

  /** Null until it is here, and for ever when it cannot be fetched. */
  get(url: string): HTMLImageElement | null {
    let image = this.loaded.get(url);
    if (!image) {
      image = new Image();
      image.decoding = 'async';
      image.addEventListener('load', this.arrived, { once: true });
      image.src = url;
      this.loaded.set(url, image);
    }
    return image.complete && image.naturalWidth > 0 ? image : null;
  }
}
