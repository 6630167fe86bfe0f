"""Logits that the multinomial cases draw from, by name."""

LOGITS = {
    "one": [[0.5, -1.0, 2.0, 0.0, 0.25]],
    "three": [[0.0] * 4, [-1.0, 3.0, -2.0, 0.5], [float("-inf"), 0.0, 1.0, float("-inf")]],
    "none": [[float("-inf"), float("-inf")], [float("nan"), 1.0]],
    "large": [[700.0, 699.0, 650.0, -700.0]],
    "many": [[((7 * i * i + 3 * j) % 17) / 8.0 for i in range(300)] for j in range(2)],
}
