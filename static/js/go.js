// Sends the page between two hosts on by itself.
document.querySelector("form[data-go]").submit();
