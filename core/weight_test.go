package core

import (
	"reflect"
	"testing"
)

func TestSizesCoverTheTypes(t *testing.T) {
	for of, size := range map[reflect.Type]int{
		reflect.TypeFor[Line]():   lineSize,
		reflect.TypeFor[Notice](): noticeSize,
		reflect.TypeFor[Row]():    rowSize,
	} {
		if real := int(of.Size()); real > size || size > real+128 {
			t.Errorf("%s takes %d bytes, weighed as %d", of, real, size)
		}
	}
}
